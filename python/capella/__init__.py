"""The code that the examples share. It is written to be copied.

`go/capella` has the same modules by the same names:

    client, target, signing, retry, transport, list    send requests and read responses
    settings, secret, password                         where the values come from
    command, options, output, errors                   the command line of an example
    wait, progress, leftovers                          the workflows

`responses` is response.go. Only Python has `requirements`, because a built Go program needs nothing.
"""

from capella import requirements

requirements.check_python()
requirements.explain_missing_packages()
