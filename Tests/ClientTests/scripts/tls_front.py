"""Speaks TLS for any of the given hosts and forwards to a server on loopback.

    tls_front.py SERVER_PORT CA_FILE PORT HOST...

CA_FILE, which vouches for it, is written when it is ready. Forwards until it is killed.
"""

import os
import socket
import ssl
import sys
import threading

import trustme

server_port, ca_file, own_port, hosts = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:]
authority = trustme.CA()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
authority.issue_cert(*hosts).configure_cert(context)


def forward(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(connection):
    try:
        client = context.wrap_socket(connection, server_side=True)
    except OSError:
        return
    server = socket.create_connection(("127.0.0.1", server_port))
    threading.Thread(target=forward, args=(server, client), daemon=True).start()
    forward(client, server)


listener = socket.create_server(("127.0.0.1", own_port))
authority.cert_pem.write_to_path(f"{ca_file}.part")
os.rename(f"{ca_file}.part", ca_file)
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
