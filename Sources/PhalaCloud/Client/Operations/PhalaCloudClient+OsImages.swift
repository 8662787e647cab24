// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

extension PhalaCloudClient {
    /// The operating system images to choose from (`GET /os-images`).
    ///
    /// A read.
    ///
    /// - Throws: ``CloudError``; `missingRoute` where a deployment only lists the images of a CVM, which
    ///   ``availableOsImages(for:)`` asks for.
    public func availableOsImages() async throws(CloudError) -> AvailableOsImages {
        try await availableOsImages(as: AvailableOsImages.self)
    }

    /// The images, as a type of the caller's own, or as `JSON` without any check (`GET /os-images`).
    public func availableOsImages<Value: CloudSchema>(as type: Value.Type) async throws(CloudError) -> Value {
        try await call(.get(["os-images"]), as: type)
    }

    /// The operating system images that a CVM can change to (`GET /cvms/{id}/available-os-images`).
    ///
    /// A read.
    public func availableOsImages(for id: String) async throws(CloudError) -> AvailableOsImages {
        try await availableOsImages(for: id, as: AvailableOsImages.self)
    }

    /// The images of a CVM, as a type of the caller's own, or as `JSON` without any check
    /// (`GET /cvms/{id}/available-os-images`).
    public func availableOsImages<Value: CloudSchema>(
        for id: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await call(.get(["cvms", RequestCheck.identifier(id), "available-os-images"]), as: type)
    }

    /// Changes the operating system image of a CVM, which then restarts (`PATCH /cvms/{id}/os-image`).
    ///
    /// A write.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - image: the name or slug of the image.
    /// - Returns: the CVM, or that the change runs.
    /// - Throws: ``CloudError``.
    public func updateOsImage(_ id: String, image: String) async throws(CloudError) -> CvmUpdateResult<Version> {
        try await osImage(id, image) { answer throws(CloudError) in try CvmUpdateResult(answer) }
    }

    /// Changes the operating system image, with the answer as a type of the caller's own, or as `JSON` without any
    /// check (`PATCH /cvms/{id}/os-image`).
    ///
    /// An answer without a body is read as `{}`.
    public func updateOsImage<Value: CloudSchema>(
        _ id: String, image: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await osImage(id, image) { answer throws(CloudError) in try answer.valueOrEmpty() }
    }

    /// The service calls the field `os_image_name`, the documents `image`, which a 422 then names.
    private func osImage<Value: Sendable>(
        _ id: String, _ image: String, read: (CloudAnswer) throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        let segments = ["cvms", try RequestCheck.identifier(id), "os-image"]
        let name = JSON.string(try RequestCheck.text(image, "image"))
        let live = CloudRequest.write(.patch, segments, body: .json(["os_image_name": name]))
        let documented = CloudRequest.write(.patch, segments, body: .json(["image": name]))
        return try await repeating(.write) { () async throws(CloudError) -> Value in
            let answer = try await send(live, or: documented, .osImageField) { answer, way in
                switch way {
                case .first: answer.namesField("image")
                case .second: answer.namesField("os_image_name")
                }
            }
            return try read(answer)
        }
    }
}
