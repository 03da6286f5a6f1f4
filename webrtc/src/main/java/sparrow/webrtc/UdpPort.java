package sparrow.webrtc;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sparrow.server.call.CallPort;

/** The UDP port of all calls, with the thread that reads it. */
public final class UdpPort implements CallPort {
    private static final int MAX_DATAGRAM = 2048;
    private static final int SOCKET_BUFFER = 1 << 20;

    private final DatagramChannel channel;
    private final List<String> candidates;
    private final DtlsServer.Identity identity = new DtlsServer.Identity();

    /** The calls, keyed by the user names of their checks. */
    private final Map<String, Peer> users = new ConcurrentHashMap<>();

    /**
     * The calls, keyed by addresses from which a check with their password has arrived. Somebody who forges an address
     * can add a call to it. If an address has several calls, the server challenges each of them there, and a call
     * neither begins its handshake nor sends anything before it has answered.
     */
    private final Map<InetSocketAddress, Set<Peer>> addresses = new ConcurrentHashMap<>();

    /** Opens ports for the server. */
    public static final class Opener implements CallPort.Opener {
        /** Creates the opener; called by {@link java.util.ServiceLoader}. */
        public Opener() {}

        @Override
        public CallPort open(InetAddress address, int port, Optional<InetAddress> announced) throws IOException {
            DatagramChannel channel = DatagramChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
                channel.bind(new InetSocketAddress(address, port));
                return new UdpPort(channel, announced.orElse(address));
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }

    private UdpPort(DatagramChannel channel, InetAddress address) throws SocketException {
        this.channel = channel;
        this.candidates = candidates(address);
        Thread.ofPlatform().daemon().name("webrtc-port").start(this::run);
    }

    /**
     * Returns the addresses that are sent to clients: the given address, or all addresses of this machine for a
     * wildcard.
     */
    private static List<String> candidates(InetAddress address) throws SocketException {
        if (!address.isAnyLocalAddress()) return List.of(text(address));
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(one -> !one.isLinkLocalAddress() && !one.isMulticastAddress())
                .filter(one -> address instanceof Inet6Address || !(one instanceof Inet6Address))
                .map(UdpPort::text)
                .toList();
    }

    private static String text(InetAddress address) {
        return address.getHostAddress().replaceFirst("%.*", "");
    }

    @Override
    public int port() {
        return channel.socket().getLocalPort();
    }

    @Override
    public String answer(String offer, Caller caller) {
        Offer offered = Offer.read(offer);
        Peer peer = new Peer(this, offered, caller, identity);
        users.put(peer.user(), peer);
        peer.start();
        return offered.answer(new Offer.Answer(
                peer.user(), peer.password(), identity.fingerprint(), candidates, port(), peer.ssrc()));
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
        while (channel.isOpen()) {
            try {
                buffer.clear();
                InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
                if (buffer.position() > 0) receive(buffer.array(), buffer.position(), from);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException e) {
                // An error that concerns one datagram, such as an unreachable peer, must not stop the port.
                System.getLogger("sparrow.webrtc").log(System.Logger.Level.DEBUG, "a datagram was dropped", e);
            }
        }
    }

    private void receive(byte[] datagram, int length, InetSocketAddress from) {
        if (datagram[0] < 0 || datagram[0] > 3) {
            for (Peer peer : receivers(datagram, length, from)) peer.receive(datagram, length, from);
            return;
        }
        StunRequest.answered(datagram, length)
                .ifPresent(transaction -> addresses
                        .getOrDefault(from, Set.of())
                        .forEach(one -> one.addresses().answered(from, transaction)));
        Optional<StunRequest> check = StunRequest.read(datagram, length, this::password);
        if (check.isEmpty() || !(users.get(check.get().user()) instanceof Peer peer) || !peer.mayUse(from)) return;
        addresses.compute(from, (_, peers) -> {
            Set<Peer> all = peers == null ? ConcurrentHashMap.newKeySet() : peers;
            all.add(peer);
            return all;
        });
        if (peer.isClosed()) forget(peer, from);
        peer.checked(from, check.get().nominates());
        send(check.get().response(from), from);
        if (!mayReach(peer, from)) send(peer.challenge(from), from);
    }

    /** Returns whether an address belongs to a call. */
    private boolean mayReach(Peer peer, InetSocketAddress address) {
        return addresses.getOrDefault(address, Set.of()).size() < 2
                || peer.addresses().isProven(address);
    }

    private List<Peer> receivers(byte[] datagram, int length, InetSocketAddress from) {
        Set<Peer> known = addresses.get(from);
        if (known != null) {
            return known.stream()
                    .filter(peer -> peer.isEstablished() || mayReach(peer, from))
                    .toList();
        }
        // A NAT can change a client's address at any time, before the client's next check.
        int header = Srtp.rtpHeader(datagram, length);
        if (header < 0) return List.of();
        int ssrc = ByteBuffer.wrap(datagram).getInt(8);
        return users.values().stream().filter(peer -> peer.hears(ssrc)).toList();
    }

    private String password(String user) {
        return users.get(user) instanceof Peer peer ? peer.password() : null;
    }

    /** Sends a datagram of a call. It is lost if it cannot be sent, or if the address is null. */
    void send(Peer peer, byte[] datagram, InetSocketAddress to) {
        if (to != null && mayReach(peer, to)) send(datagram, to);
    }

    private void send(byte[] datagram, InetSocketAddress to) {
        try {
            channel.send(ByteBuffer.wrap(datagram), to);
        } catch (IOException e) {
            // The protocols above expect losses.
        }
    }

    /** Forgets a call. */
    void remove(Peer peer) {
        users.remove(peer.user(), peer);
        addresses.keySet().forEach(address -> forget(peer, address));
    }

    private void forget(Peer peer, InetSocketAddress address) {
        addresses.computeIfPresent(address, (_, peers) -> {
            peers.remove(peer);
            return peers.isEmpty() ? null : peers;
        });
    }

    @Override
    public void close() {
        users.values().forEach(peer -> peer.close("the server is closing"));
        try {
            channel.close();
        } catch (IOException e) {
            // The port is not used any more.
        }
    }
}
