"""A TCP proxy with a hand on the tap: after so many bytes it stops forwarding requests until a file appears.

    halting_proxy.py SERVER_PORT BYTES GO_FILE HALTED_FILE

Prints its own port. HALTED_FILE is made when the tap is closed. Forwards until it is killed.
"""

import os
import socket
import sys
import threading
import time

server_port, allowance = int(sys.argv[1]), int(sys.argv[2])
go_file, halted_file = sys.argv[3], sys.argv[4]


def forward(source, target, allowance):
    """Copies bytes until either side closes; with an allowance, halts when it is used up."""
    try:
        while data := source.recv(65536):
            if allowance is not None and len(data) >= allowance:
                target.sendall(data[:allowance])
                data = data[allowance:]
                allowance = None
                open(halted_file, "w").close()
                while not os.path.exists(go_file):
                    time.sleep(0.01)
            elif allowance is not None:
                allowance -= len(data)
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    server = socket.create_connection(("127.0.0.1", server_port))
    threading.Thread(target=forward, args=(client, server, allowance), daemon=True).start()
    threading.Thread(target=forward, args=(server, client, None), daemon=True).start()
