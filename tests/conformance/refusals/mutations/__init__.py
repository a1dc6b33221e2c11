"""Every mutation of a positive that `refusals.yaml` holds, in the order of the file."""

from tests.conformance.refusals.mutations import (
    absolute,
    accepted,
    appended,
    edges,
    elsewhere,
    forwarded,
    headers,
    lengths,
    names,
    order,
    signatures,
    signed,
    targets,
    timestamps,
    unsigned,
)
from tests.conformance.refusals.mutations.request import Mutation

MUTATIONS: tuple[Mutation, ...] = (
    *headers.MUTATIONS,
    *timestamps.MUTATIONS,
    *signatures.MUTATIONS,
    *signed.MUTATIONS,
    *order.MUTATIONS,
    *accepted.MUTATIONS,
    *unsigned.MUTATIONS,
    *absolute.MUTATIONS,
    *names.MUTATIONS,
    *appended.MUTATIONS,
    *forwarded.MUTATIONS,
    *edges.MUTATIONS,
    *elsewhere.MUTATIONS,
    *lengths.MUTATIONS,
    *targets.MUTATIONS,
)
