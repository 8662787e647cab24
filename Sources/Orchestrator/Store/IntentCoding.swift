// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

extension Intent {
    var json: JSON {
        var object = JSONObject()
        object["cvm"] = .string(cvm)
        object["api_url"] = .string(apiURL)
        object["change"] = change.json
        object["mode"] = .string(mode.rawValue)
        object["goal"] = .string(goal.rawValue)
        object["accepted_hash"] = acceptedHash.map { .string($0.hex) }
        object["accepted_device"] = acceptedDevice.map { .string($0.hex) }
        object["allows_on_chain"] = .bool(allowsOnChain)
        object["signer"] = signer.map { .string($0.hex) }
        object["policy"] = policy.json
        object["environment_tag"] = environmentTag.map { .string($0.hex) }
        return .object(object)
    }

    /// - Parameter format: the form of the operation; in form 1 every change was a PATCH, and its body stood alone.
    init(_ cursor: JSONCursor, format: Int64) throws(JSONShapeError) {
        self.init(
            cvm: try cursor["cvm"].string(), apiURL: try cursor["api_url"].string(),
            change: format == 1 ? .patch(try cursor["body"].object()) : try Change(cursor["change"]),
            mode: try cursor["mode"].named(Mode.self),
            goal: try cursor["goal"].named(Goal.self),
            acceptedHash: try cursor["accepted_hash"].optional { at throws(JSONShapeError) in
                try at.hash32(ComposeHash.self)
            },
            acceptedDevice: try cursor["accepted_device"].optional { at throws(JSONShapeError) in try at.bytes32() },
            allowsOnChain: try cursor["allows_on_chain"].bool(),
            signer: try cursor["signer"].optional { at throws(JSONShapeError) in try at.address() },
            policy: try Policy(cursor["policy"]),
            environmentTag: try cursor["environment_tag"].optional { at throws(JSONShapeError) in try at.bytes32() })
    }
}

extension Policy {
    var json: JSON {
        var object = JSONObject()
        object["confirmations"] = confirmations.map { .number(JSONNumber($0)) }
        object["max_fee_per_gas"] = maxFeePerGas.map { .string($0.decimal) }
        object["max_priority_fee_per_gas"] = maxPriorityFeePerGas.map { .string($0.decimal) }
        object["max_cost"] = maxCost.map { .string($0.decimal) }
        return .object(object)
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            confirmations: try cursor["confirmations"].optional { at throws(JSONShapeError) in try at.integer() },
            maxFeePerGas: try cursor["max_fee_per_gas"].optional { at throws(JSONShapeError) in try at.wei() },
            maxPriorityFeePerGas: try cursor["max_priority_fee_per_gas"].optional { at throws(JSONShapeError) in
                try at.wei()
            },
            maxCost: try cursor["max_cost"].optional { at throws(JSONShapeError) in try at.wei() })
    }
}

extension Target {
    var json: JSON {
        var object = JSONObject()
        object["cvm_id"] = .string(cvmID)
        object["vm_uuid"] = vmUUID.map(JSON.string)
        object["app"] = app.map { .string($0.hex) }
        object["chain_id"] = chainID.map { .number(JSONNumber($0)) }
        object["kms"] = kms.map { .string($0.hex) }
        object["rpc_endpoint"] = rpcEndpoint.map(JSON.string)
        object["base_hash"] = baseHash.map { .string($0.hex) }
        object["correlation_id"] = correlationID.map(JSON.string)
        return .object(object)
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            cvmID: try cursor["cvm_id"].string(),
            vmUUID: try cursor["vm_uuid"].optional { at throws(JSONShapeError) in try at.string() },
            app: try cursor["app"].optional { at throws(JSONShapeError) in try at.address() },
            chainID: try cursor["chain_id"].optional { at throws(JSONShapeError) in try at.integer() },
            kms: try cursor["kms"].optional { at throws(JSONShapeError) in try at.address() },
            rpcEndpoint: try cursor["rpc_endpoint"].optional { at throws(JSONShapeError) in try at.string() },
            baseHash: try cursor["base_hash"].optional { at throws(JSONShapeError) in try at.hash32(ComposeHash.self) },
            correlationID: try cursor["correlation_id"].optional { at throws(JSONShapeError) in try at.string() })
    }
}

extension Expectation {
    var json: JSON {
        let rows = candidates.map { candidate -> JSON in
            [
                "serialisation": .string(candidate.serialisation), "base": .string(candidate.base.hex),
                "changed": .string(candidate.changed.hex),
            ]
        }
        return [
            "candidates": .array(rows), "changes": .array(changes.map(JSON.string)),
            "diff": .array(diff.map(JSON.string)), "shown": .object(shown),
        ]
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        var candidates: [Candidate] = []
        for row in try cursor["candidates"].array() {
            candidates.append(
                Candidate(
                    serialisation: try row["serialisation"].string(),
                    base: try row["base"].hash32(ComposeHash.self),
                    changed: try row["changed"].hash32(ComposeHash.self)))
        }
        self.init(
            candidates: candidates, changes: try cursor["changes"].strings(),
            diff: try cursor["diff"].optional { at throws(JSONShapeError) in try at.strings() } ?? [],
            shown: try cursor["shown"].optional { at throws(JSONShapeError) in try at.object() } ?? JSONObject())
    }
}

extension Preparation {
    var json: JSON {
        var object = JSONObject()
        object["compose_hash"] = .string(composeHash.hex)
        object["spelled_hash"] = .string(spelledHash)
        object["app"] = .string(app.hex)
        object["device_id"] = deviceID.map(JSON.string)
        object["chain_id"] = chainID.map { .number(JSONNumber($0)) }
        object["kms"] = kms.map { .string($0.hex) }
        object["commit_token"] = commitToken.map(JSON.string)
        object["commit_url"] = commitURL.map(JSON.string)
        object["onchain_status"] = onchainStatus.map { .object($0) }
        return .object(object)
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            composeHash: try cursor["compose_hash"].hash32(ComposeHash.self),
            spelledHash: try cursor["spelled_hash"].string(), app: try cursor["app"].address(),
            deviceID: try cursor["device_id"].optional { at throws(JSONShapeError) in try at.string() },
            chainID: try cursor["chain_id"].optional { at throws(JSONShapeError) in try at.integer() },
            kms: try cursor["kms"].optional { at throws(JSONShapeError) in try at.address() },
            commitToken: try cursor["commit_token"].optional { at throws(JSONShapeError) in try at.string() },
            commitURL: try cursor["commit_url"].optional { at throws(JSONShapeError) in try at.string() },
            onchainStatus: try cursor["onchain_status"].optional { at throws(JSONShapeError) in try at.object() })
    }
}
