import Markup

/// The frame of a page: works without scripts, images or other files.
struct PlainPage {
    let title: String
    let content: HTML

    var html: HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title)</title>
        <style>
        body { font: 1rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1.25rem; }
        h1 { font-size: 1.75rem; line-height: 1.2; } h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; }
        pre { padding: .75rem 1rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .4rem; overflow-x: auto; }
        a { color: light-dark(#0b57d0, #9ec1ff); }
        </style>
        </head>
        <body>
        <main>
        \(content)
        </main>
        </body>
        </html>
        """
    }
}
