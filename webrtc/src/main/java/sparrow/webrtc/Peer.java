package sparrow.webrtc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import sparrow.server.call.CallPort;

/**
 * One call. Its first thread runs DTLS and the data channel, and its second thread encodes and decodes audio. The
 * port's thread only adds datagrams to their queues.
 */
final class Peer implements CallPort.Line {
    static final int SCTP_PORT = 5000;

    /** Maximum time from the answer to the opening of the data channel. */
    private static final Duration CONNECT = Duration.ofSeconds(15);

    /** Maximum time from the answer to the client's first check. */
    private static final Duration FIRST_CHECK = Duration.ofSeconds(5);

    /** Maximum time without a packet that only the client can have sent. Checks do not count: they can be repeated. */
    private static final Duration SILENCE = Duration.ofSeconds(8);

    /** Time between packets that the client must answer. */
    private static final Duration PROBES = Duration.ofSeconds(1);

    private static final Duration REPORTS = Duration.ofSeconds(2);
    private static final long FRAME_NANOS = 20_000_000;

    /** Delay in frames from which frames are skipped instead of being sent in quick succession. */
    private static final int MAX_LATE_FRAMES = 10;

    private static final int MAX_CHANNELS = 16;
    private static final int DATAGRAM_BYTES = 1500;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MAX_BUFFERED = 256 << 10;

    // Protocols of messages on data channels (RFC 8831, RFC 8832).
    private static final int CONTROL = 50;
    private static final int TEXT = 51;
    private static final int EMPTY_TEXT = 56;
    private static final int OPEN = 3;
    private static final byte[] OPEN_ACKNOWLEDGED = {2};

    private final UdpPort port;
    private final Offer offer;
    private final CallPort.Caller caller;
    private final DtlsServer dtls;
    private final RecordFilter filter;
    private final String user = random(6);
    private final String password = random(24);
    private final RtpSender sender;
    private final RtpReceiver receiver;
    private final int ssrc = RANDOM.nextInt(1, Integer.MAX_VALUE);
    private final BlockingQueue<Packet> records = new ArrayBlockingQueue<>(512);
    private final BlockingQueue<Packet> audio = new ArrayBlockingQueue<>(256);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicLong received = new AtomicLong();
    private final long created = System.nanoTime();
    private final ClientAddresses addresses = new ClientAddresses();
    private volatile long lastHeard;

    /** Identifier of the client's audio, or -1 before its first packet. */
    private volatile long source = -1;

    private volatile Duration delay = Duration.ZERO;
    private volatile Srtp inbound;
    private volatile Srtp outbound;
    private volatile DTLSTransport connection;
    private volatile SctpAssociation association;

    /** Number of data channels that the client has opened. */
    private int opened;

    /** The stream of the session's data channel, or -1 before the channel is open. */
    private volatile int channel = -1;

    /** The address of the newest datagram of DTLS; used only by the data channel's thread. */
    private InetSocketAddress recordFrom;

    /** A datagram of DTLS, an encrypted packet of audio, or a report about audio. */
    private record Packet(byte[] bytes, InetSocketAddress from) {}

    Peer(UdpPort port, Offer offer, CallPort.Caller caller, DtlsServer.Identity identity) {
        this.port = port;
        this.offer = offer;
        this.caller = caller;
        this.dtls = new DtlsServer(identity, offer.fingerprint(), CONNECT);
        this.filter = new RecordFilter(caller::reserve);
        int payloadType = offer.audio().payloadType();
        this.sender = new RtpSender(payloadType, ssrc);
        this.receiver = new RtpReceiver(payloadType, caller::heard);
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        // ICE uses the base64 alphabet, but not all clients accept its special characters.
        return Base64.getEncoder()
                .withoutPadding()
                .encodeToString(random)
                .replace('+', 'x')
                .replace('/', 'y');
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    int ssrc() {
        return ssrc;
    }

    /** Starts the call's threads. Virtual threads would not yield their carriers to requests while they compute. */
    void start() {
        Thread.ofPlatform().daemon().name("webrtc-" + user + "-data").start(this::runData);
        Thread.ofPlatform().daemon().name("webrtc-" + user + "-audio").start(() -> {
            try {
                runAudio();
            } catch (InterruptedException e) {
                close("interrupted");
            } catch (RuntimeException | Error e) {
                fail("audio", e);
            }
        });
    }

    /** Ends the call because of a defect. */
    private void fail(String part, Throwable cause) {
        if (closed.get()) return;
        System.getLogger("sparrow.webrtc").log(System.Logger.Level.ERROR, "the " + part + " of a call failed", cause);
        close("the " + part + " failed");
    }

    // Called by the port's thread.

    boolean isClosed() {
        return closed.get();
    }

    /** Returns whether the client's audio has the given identifier. */
    boolean hears(int ssrc) {
        return source == Integer.toUnsignedLong(ssrc);
    }

    /** Returns whether the call may be reached from another address. */
    boolean mayUse(InetSocketAddress address) {
        return !closed.get() && addresses.add(address);
    }

    /** Returns a check that only this call's client answers. */
    byte[] challenge(InetSocketAddress address) {
        return StunRequest.challenge(
                addresses.challenge(address), offer.account("ice-ufrag") + ":" + user, offer.account("ice-pwd"));
    }

    ClientAddresses addresses() {
        return addresses;
    }

    boolean isEstablished() {
        return inbound != null;
    }

    /** Records a check from an address. */
    void checked(InetSocketAddress from, boolean selects) {
        addresses.checked(from, selects, isEstablished());
    }

    /** Processes a datagram other than a check. */
    void receive(byte[] datagram, int length, InetSocketAddress from) {
        received.addAndGet(length);
        int first = datagram[0] & 0xff;
        Packet packet = new Packet(Arrays.copyOf(datagram, length), from);
        // RFC 7983.
        if (first >= 20 && first <= 63) records.offer(packet);
        else if (first >= 128 && first <= 191) audio.offer(packet);
    }

    // Handling of the data channel.

    private void runData() {
        String reason = "the call failed";
        try {
            connection = new DTLSServerProtocol().accept(dtls, new Records());
            filter.establish();
            lastHeard = System.nanoTime();
            inbound = dtls.inbound();
            outbound = dtls.outbound();
            association = new SctpAssociation(SCTP_PORT, this::sendRecord, this::message);
            byte[] buffer = new byte[connection.getReceiveLimit()];
            long nextProbe = System.nanoTime();
            while (!dtls.isClosed() && !association.isClosed() && !closed.get()) {
                int length = connection.receive(buffer, 0, buffer.length, 50);
                long now = System.nanoTime();
                if (length > 0) {
                    filter.confirm();
                    lastHeard = now;
                    addresses.heard(recordFrom);
                    association.receive(Arrays.copyOf(buffer, length), now);
                }
                association.tick(now);
                if (now - nextProbe >= 0) {
                    nextProbe = now + PROBES.toNanos();
                    association.probe();
                }
            }
            reason = "the client hung up";
        } catch (IOException e) {
            reason = connection == null ? "the handshake failed: " + e.getMessage() : "the client hung up";
        } catch (RuntimeException | Error e) {
            fail(connection == null ? "handshake" : "data channel", e);
        }
        close(reason);
    }

    /** The datagrams below DTLS. */
    private final class Records implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return DATAGRAM_BYTES;
        }

        @Override
        public int getSendLimit() {
            return 1300;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
            try {
                Packet packet = records.poll(Math.max(1, waitMillis), TimeUnit.MILLISECONDS);
                if (closed.get()) throw new IOException("closed");
                if (packet == null) return -1;
                byte[] record = packet.bytes();
                recordFrom = packet.from();
                int count = Math.min(length, filter.accept(record));
                System.arraycopy(record, 0, buffer, offset, count);
                return count;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        @Override
        public void send(byte[] buffer, int offset, int length) {
            port.send(Peer.this, Arrays.copyOfRange(buffer, offset, offset + length), addresses.remote());
        }

        @Override
        public void close() {}
    }

    private void sendRecord(byte[] packet) {
        try {
            connection.send(packet, 0, packet.length);
        } catch (IOException e) {
            // The connection is closed; the thread that reads it detects this.
        }
    }

    private void message(int stream, int protocol, byte[] data) {
        switch (protocol) {
            case CONTROL -> {
                if (data.length >= 12 && data[0] == OPEN) open(stream, data);
            }
            case TEXT -> {
                if (stream == channel) caller.message(new String(data, StandardCharsets.UTF_8));
            }
            case EMPTY_TEXT -> {
                if (stream == channel) caller.message("");
            }
            default -> {
                if (stream == channel) close("expected text on the data channel");
            }
        }
    }

    private void open(int stream, byte[] message) {
        int length = Short.toUnsignedInt(ByteBuffer.wrap(message).getShort(8));
        if (12 + length > message.length) return;
        if (++opened > MAX_CHANNELS) {
            close("expected at most " + MAX_CHANNELS + " data channels");
            return;
        }
        association.send(stream, CONTROL, OPEN_ACKNOWLEDGED, System.nanoTime());
        String label = new String(message, 12, length, StandardCharsets.UTF_8);
        if (channel >= 0 || !label.equals(CallPort.CHANNEL)) return;
        channel = stream;
        caller.opened(this);
    }

    // Handling of audio.

    private void runAudio() throws InterruptedException {
        long next = System.nanoTime();
        long nextReport = next;
        short[] frame = new short[CallPort.FRAME];
        while (!closed.get()) {
            long now = System.nanoTime();
            Packet packet = audio.poll(Math.max(0, next - now), TimeUnit.NANOSECONDS);
            now = System.nanoTime();
            if (packet != null) decode(packet, now);
            if (now - next < 0) continue;
            next += FRAME_NANOS;
            expire(now);
            receiver.tick(now);
            if (outbound == null) continue;
            int late = (int) ((now - next) / FRAME_NANOS);
            if (late > MAX_LATE_FRAMES) {
                sender.skip(late);
                next += late * FRAME_NANOS;
            }
            Arrays.fill(frame, (short) 0);
            caller.fill(frame);
            if (offer.acceptsAudio()) sendAudio(outbound.protect(sender.next(frame)));
            if (now - nextReport >= 0) {
                nextReport = now + REPORTS.toNanos();
                sendAudio(outbound.protectControl(sender.report(receiver, Instant.now())));
                if (receiver.hasReceived()) caller.measured(receiver.quality(sender.roundTrip()));
            }
        }
    }

    private void sendAudio(byte[] packet) {
        port.send(this, packet, addresses.remote());
    }

    private void decode(Packet packet, long now) {
        Srtp keys = inbound;
        byte[] bytes = packet.bytes();
        if (keys == null || bytes.length < 2) return;
        int type = bytes[1] & 0xff;
        // RFC 5761.
        boolean isReport = type >= 192 && type <= 223;
        Optional<byte[]> plain =
                isReport ? keys.unprotectControl(bytes, bytes.length) : keys.unprotect(bytes, bytes.length);
        if (plain.isEmpty()) return;
        lastHeard = now;
        addresses.heardAudio(packet.from());
        if (isReport) {
            sender.accept(plain.get(), Instant.now());
            delay = sender.roundTrip().dividedBy(2);
        } else {
            source = Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(8));
            receiver.accept(plain.get(), now);
        }
    }

    /** Ends the call if it was not connected in time, or if its client cannot be reached any more. */
    void expire(long now) {
        if (channel < 0 && now - created > CONNECT.toNanos()) {
            close("the call was not connected within " + CONNECT.toSeconds() + " s");
        } else if (addresses.remote() == null && now - created > FIRST_CHECK.toNanos()) {
            close("no check arrived within " + FIRST_CHECK.toSeconds() + " s");
        } else if (channel >= 0 && now - lastHeard > SILENCE.toNanos()) {
            close("the client could not be reached for " + SILENCE.toSeconds() + " s");
        }
    }

    // Methods of the line.

    @Override
    public int maxMessageBytes() {
        return offer.maxMessageBytes();
    }

    @Override
    public void send(String text) throws IOException, InterruptedException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        while (association.bufferedBytes() > MAX_BUFFERED && association.awaitRoom(MAX_BUFFERED, 1000)) {
            // Each round waits for at most a second.
        }
        if (association.isClosed() || closed.get()) throw new IOException("the call has ended");
        association.send(channel, TEXT, bytes, System.nanoTime());
    }

    @Override
    public long received() {
        return received.get();
    }

    @Override
    public Duration delay() {
        return delay;
    }

    @Override
    public void hangUp() {
        try {
            if (association != null) association.awaitRoom(0, 1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close("hung up");
    }

    /** Ends the call. Does nothing if it has already ended. */
    void close(String reason) {
        if (!closed.compareAndSet(false, true)) return;
        try {
            if (association != null) association.abort();
            if (connection != null) connection.close();
        } catch (IOException e) {
            // The client notices that the checks are no longer answered.
        }
        port.remove(this);
        caller.closed(reason);
    }
}
