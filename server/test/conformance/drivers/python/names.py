"""Names resolve from a loopback table alone: nothing that is driven here can reach anybody else."""
import ipaddress
import socket

_LOOPBACK = {"localhost": "127.0.0.1"}
_resolve = socket.getaddrinfo


def _getaddrinfo(host, *args, **options):
    name = host.decode() if isinstance(host, bytes) else host
    address = _LOOPBACK.get(name, name)
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise socket.gaierror(socket.EAI_NONAME, f"{name} is not in the table") from None
    return _resolve(address, *args, **options)


socket.getaddrinfo = _getaddrinfo


def are_names_refused(name):
    """Whether the vendor's names are out of reach, asked as a socket asks."""
    try:
        socket.create_connection((name, 443), timeout=5).close()
    except socket.gaierror:
        return True
    return False
