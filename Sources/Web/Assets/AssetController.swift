import Foundation
import HTTPTypes
import Registry

/// Style sheet, script and pictures.
enum AssetController {
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let asset = Assets.find(request.path) else { throw Rejection(.notFound, "There is no such file.") }
        if let folder = context.settings.assetsFolder {
            // As it is now: whoever works on it wants to see that.
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(asset.name)") else {
                throw Rejection(.notFound, "There is no such file.")
            }
            var response = WebResponse.bytes(Array(data), type: asset.contentType)
            response.headers[.cacheControl] = "no-store"
            return response
        }
        return .bytes(asset.bytes, type: asset.contentType)
    }
}
