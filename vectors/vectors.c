// SPDX-License-Identifier: Apache-2.0
#include "CVectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// One constant a file, from the file itself: FAMILY(name), #embed, END.
#define FAMILY(name) static const unsigned char name[] = {
#define END };

FAMILY(abi)
#embed "abi.json"
END
FAMILY(address_eip55)
#embed "address_eip55.json"
END
FAMILY(compose_hash)
#embed "compose_hash.json"
END
FAMILY(contract_address)
#embed "contract_address.json"
END
FAMILY(ecdsa_recover)
#embed "ecdsa_recover.json"
END
FAMILY(ecdsa_rfc6979)
#embed "ecdsa_rfc6979.json"
END
FAMILY(eip191)
#embed "eip191.json"
END
FAMILY(eip712)
#embed "eip712.json"
END
FAMILY(env_pubkey_signature)
#embed "env_pubkey_signature.json"
END
FAMILY(keccak256)
#embed "keccak256.json"
END
FAMILY(keystore_v3)
#embed "keystore_v3.json"
END
FAMILY(rlp_invalid)
#embed "rlp_invalid.json"
END
FAMILY(rlp_valid)
#embed "rlp_valid.json"
END
FAMILY(tx_eip1559)
#embed "tx_eip1559.json"
END
FAMILY(tx_eip2930)
#embed "tx_eip2930.json"
END
FAMILY(tx_invalid)
#embed "tx_invalid.json"
END
FAMILY(tx_legacy)
#embed "tx_legacy.json"
END
FAMILY(x25519_aesgcm)
#embed "x25519_aesgcm.json"
END

#define ENTRY(name) { #name, name, sizeof(name) }

static const struct countersign_vectors families[] = {
    ENTRY(abi),                  ENTRY(address_eip55),        ENTRY(compose_hash),
    ENTRY(contract_address),     ENTRY(ecdsa_recover),        ENTRY(ecdsa_rfc6979),
    ENTRY(eip191),               ENTRY(eip712),               ENTRY(env_pubkey_signature),
    ENTRY(keccak256),            ENTRY(keystore_v3),          ENTRY(rlp_invalid),
    ENTRY(rlp_valid),            ENTRY(tx_eip1559),           ENTRY(tx_eip2930),
    ENTRY(tx_invalid),           ENTRY(tx_legacy),            ENTRY(x25519_aesgcm),
};

size_t countersign_vectors_count(void) {
    return COUNT(families);
}

const struct countersign_vectors *countersign_vectors_at(size_t index) {
    return index < COUNT(families) ? &families[index] : 0;
}
