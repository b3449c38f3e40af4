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
        <title>\(title)</title>
        <style>
        :root { color-scheme: light dark; --paper: #fdfcf9; --sheet: #fff; --ink: #1d1b16; --line: #e6e1d5; --accent: #0b6a5d; --cheddar: #e8a317; }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #15140f; --sheet: #1d1b16; --ink: #ece7da; --line: #38342a; --accent: #5fd0bd; }
        }
        body { margin: 0; background: var(--paper); color: var(--ink); font: .9375rem/1.55 system-ui, sans-serif; }
        main { max-width: 46rem; margin: 0 auto; padding: 3rem clamp(1rem, 3vw, 2rem); }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; text-wrap: balance; }
        h2 { font-size: 1.125rem; line-height: 1.2; margin: 2rem 0 .4rem; }
        h2:target { box-shadow: -.5rem 0 var(--paper), -.8rem 0 var(--cheddar); }
        p { margin: 0 0 .5rem; max-width: 72ch; overflow-wrap: anywhere; }
        pre { margin: 0; padding: .7rem 1rem; background: var(--sheet); border: 1px solid var(--line);
          border-radius: .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        a { color: var(--accent); text-underline-offset: .15em; }
        :focus-visible { outline: 3px solid var(--cheddar); outline-offset: 2px; }
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
