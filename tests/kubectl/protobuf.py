"""As much of Kubernetes' protobuf as Helm sends: Secrets, in which it keeps its releases, and options of DELETE."""

import base64

MAGIC = b"k8s\0"


def decoded(data):
    """A request's body as JSON would say it, or None if it is of a kind that is not known here."""
    unknown = fields(data[len(MAGIC) :])
    kind = text(fields(unknown[1][0]), 2)
    if kind == "DeleteOptions":
        return {"kind": kind}
    if kind != "Secret":
        return None
    secret = fields(unknown[2][0])
    metadata = fields(secret[1][0])
    return {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {
            "name": text(metadata, 1),
            "namespace": text(metadata, 3),
            "labels": {text(it, 1): text(it, 2) for it in map(fields, metadata.get(11, []))},
        },
        "data": {text(it, 1): base64.b64encode(it[2][0]).decode() for it in map(fields, secret.get(2, []))},
        "type": text(secret, 3),
    }


def text(message, number):
    return message.get(number, [b""])[-1].decode()


def fields(data):
    """The values of a message by field number; those of varints are numbers, of all else bytes."""
    found, place = {}, 0
    while place < len(data):
        tag, place = varint(data, place)
        if tag & 7 == 0:
            value, place = varint(data, place)
        elif tag & 7 == 2:
            size, place = varint(data, place)
            value, place = data[place : place + size], place + size
        else:
            raise ValueError(f"wire type {tag & 7}")
        found.setdefault(tag >> 3, []).append(value)
    return found


def varint(data, place):
    value = shift = 0
    while True:
        byte = data[place]
        value, shift, place = value | (byte & 127) << shift, shift + 7, place + 1
        if byte < 128:
            return value, place
