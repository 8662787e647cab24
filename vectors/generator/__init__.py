# SPDX-License-Identifier: Apache-2.0
"""Makes the vector files: worked examples of the standards, published cases, and generated ones."""
