package sparrow.webrtc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The passive side of an SCTP association over DTLS (RFC 9260, RFC 8261), which transports the messages of data
 * channels. Messages are reliable, and are delivered in the order in which they were sent, over all streams. Extensions
 * for unreliable messages and for resetting streams are not offered, so that peers do not use them. Thread-safe.
 */
final class SctpAssociation {
    /** Maximum length of a received message. */
    static final int MAX_MESSAGE = 256 << 10;

    private static final int HEADER_BYTES = 12;
    private static final int DATA_HEADER_BYTES = 16;

    /** Maximum length of the gaps in an acknowledgement. */
    private static final int MAX_GAP_BYTES = 1000;

    private static final long MILLISECOND = 1_000_000;
    private static final int WINDOW = 1 << 20;

    /** Maximum distance of a received transmission number from the last number that was received in order. */
    private static final int MAX_AHEAD = 2048;

    static final int DATA = 0;
    private static final int INIT = 1;
    private static final int INIT_ACK = 2;
    private static final int SACK = 3;
    private static final int HEARTBEAT = 4;
    private static final int HEARTBEAT_ACK = 5;
    private static final int ABORT = 6;
    private static final int SHUTDOWN = 7;
    private static final int SHUTDOWN_ACK = 8;
    private static final int COOKIE_ECHO = 10;
    private static final int COOKIE_ACK = 11;
    private static final int SHUTDOWN_COMPLETE = 14;

    private static final int COOKIE_PARAMETER = 7;

    /** A heartbeat's parameter: the type 1, and 8 bytes with the header. */
    private static final byte[] PROBE = {0, 1, 0, 8, 0, 0, 0, 0};

    /** Flags of the last and the first fragment of a message. */
    static final int LAST = 1;

    static final int FIRST = 2;

    private final SctpSender sender = new SctpSender(this::send);
    private final int port;
    private final Consumer<byte[]> network;
    private final Receiver receiver;
    private final SecureRandom random = new SecureRandom();
    private final int localTag = random.nextInt() | 1;
    private final byte[] cookie = new byte[16];
    private int remotePort;
    private int remoteTag;
    private boolean established;
    private boolean closed;

    // State of received messages.
    private int received;
    private final Map<Integer, Fragment> early = new HashMap<>();
    private int earlyBytes;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /** Receives messages, on the thread that calls {@link SctpAssociation#receive}. */
    interface Receiver {
        void message(int stream, int protocol, byte[] data);
    }

    private record Fragment(int flags, int stream, int protocol, byte[] data) {}

    /**
     * Creates an association that waits for the peer's first packet.
     *
     * @param port the local port
     * @param network a consumer that sends a packet
     */
    SctpAssociation(int port, Consumer<byte[]> network, Receiver receiver) {
        this.port = port;
        this.network = network;
        this.receiver = receiver;
        random.nextBytes(cookie);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Returns the number of bytes that have not been acknowledged yet. */
    synchronized long bufferedBytes() {
        return sender.bufferedBytes();
    }

    /** Queues a message. */
    synchronized void send(int stream, int protocol, byte[] data, long now) {
        if (!closed) sender.send(stream, protocol, data, now);
    }

    /** Sends lost fragments again. Must be called at least ten times a second. */
    synchronized void tick(long now) {
        if (!closed && !sender.tick(now)) abort();
    }

    /** Asks the peer for a response (section 3.3.6), so that it sends something even if nobody speaks. */
    synchronized void probe() {
        if (established && !closed) send(chunk(HEARTBEAT, 0, PROBE));
    }

    // Processing of received packets.

    /** Processes a packet. Malformed packets are ignored. */
    synchronized void receive(byte[] packet, long now) {
        if (closed
                || packet.length < HEADER_BYTES
                || checksum(packet) != ByteBuffer.wrap(packet).getInt(8)) return;
        ByteBuffer in = ByteBuffer.wrap(packet);
        int source = Short.toUnsignedInt(in.getShort());
        in.getShort();
        int tag = in.getInt();
        in.getInt();
        boolean acknowledges = false;
        while (in.remaining() >= 4) {
            int start = in.position();
            int type = Byte.toUnsignedInt(in.get());
            int flags = in.get();
            int length = Short.toUnsignedInt(in.getShort());
            if (length < 4 || start + length > packet.length) break;
            if (tag != (type == INIT ? 0 : localTag)) return;
            ByteBuffer body = in.slice(start + 4, length - 4);
            switch (type) {
                case INIT -> initiate(source, body);
                case COOKIE_ECHO -> establish(body);
                case DATA -> acknowledges |= established && data(flags, body);
                case SACK -> {
                    sender.acknowledged(body, now);
                    notifyAll();
                }
                case HEARTBEAT -> {
                    byte[] information = new byte[body.remaining()];
                    body.get(information);
                    send(chunk(HEARTBEAT_ACK, 0, information));
                }
                case SHUTDOWN -> send(chunk(SHUTDOWN_ACK, 0, new byte[0]));
                case ABORT, SHUTDOWN_COMPLETE -> close();
                default -> {}
            }
            in.position(Math.min(packet.length, start + (length + 3 & ~3)));
        }
        if (closed) return;
        if (acknowledges) acknowledge();
        sender.flush(now);
    }

    private void initiate(int source, ByteBuffer body) {
        if (established || body.remaining() < 16) return;
        remotePort = source;
        remoteTag = body.getInt();
        sender.setPeerWindow(body.getInt());
        int outbound = Short.toUnsignedInt(body.getShort());
        int inbound = Short.toUnsignedInt(body.getShort());
        received = body.getInt() - 1;
        ByteBuffer out = ByteBuffer.allocate(16 + 4 + cookie.length);
        out.putInt(localTag).putInt(WINDOW);
        out.putShort((short) Math.max(1, inbound)).putShort((short) Math.max(1, outbound));
        out.putInt(sender.nextTsn());
        out.putShort((short) COOKIE_PARAMETER)
                .putShort((short) (4 + cookie.length))
                .put(cookie);
        send(chunk(INIT_ACK, 0, out.array()));
    }

    private void establish(ByteBuffer body) {
        byte[] echoed = new byte[body.remaining()];
        body.get(echoed);
        if (!Arrays.equals(echoed, cookie)) return;
        established = true;
        sender.open();
        send(chunk(COOKIE_ACK, 0, new byte[0]));
    }

    /** Processes a fragment. Returns whether it must be acknowledged. */
    private boolean data(int flags, ByteBuffer body) {
        if (body.remaining() <= DATA_HEADER_BYTES - 4) return false;
        int tsn = body.getInt();
        int stream = Short.toUnsignedInt(body.getShort());
        body.getShort();
        int protocol = body.getInt();
        int ahead = tsn - received;
        if (ahead <= 0 || early.containsKey(tsn)) return true;
        // The next fragment needs no room, because it is processed at once, possibly with the fragments after it.
        if (ahead > 1 && (ahead > MAX_AHEAD || earlyBytes + body.remaining() > WINDOW)) return true;
        byte[] data = new byte[body.remaining()];
        body.get(data);
        early.put(tsn, new Fragment(flags, stream, protocol, data));
        earlyBytes += data.length;
        while (!closed && early.remove(received + 1) instanceof Fragment next) {
            received++;
            earlyBytes -= next.data().length;
            assemble(next);
        }
        return true;
    }

    private void assemble(Fragment next) {
        if ((next.flags() & FIRST) != 0) message.reset();
        if (message.size() + next.data().length > MAX_MESSAGE) {
            abort();
            return;
        }
        message.writeBytes(next.data());
        if ((next.flags() & LAST) == 0) return;
        receiver.message(next.stream(), next.protocol(), message.toByteArray());
        message.reset();
    }

    private void acknowledge() {
        int[] tsns =
                early.keySet().stream().mapToInt(tsn -> tsn - received).sorted().toArray();
        ByteBuffer gaps = ByteBuffer.allocate(4 * tsns.length);
        for (int i = 0; i < tsns.length && gaps.position() < MAX_GAP_BYTES; ) {
            int first = i;
            while (i + 1 < tsns.length && tsns[i + 1] == tsns[i] + 1) i++;
            gaps.putShort((short) tsns[first]).putShort((short) tsns[i++]);
        }
        ByteBuffer out = ByteBuffer.allocate(12 + gaps.position());
        out.putInt(received)
                .putInt(WINDOW - earlyBytes)
                .putShort((short) (gaps.position() / 4))
                .putShort((short) 0);
        out.put(gaps.flip());
        send(chunk(SACK, 0, out.array()));
    }

    // The end of the association.

    /** Ends the association and notifies the peer. */
    synchronized void abort() {
        if (closed) return;
        if (remoteTag != 0) send(chunk(ABORT, 0, new byte[0]));
        close();
    }

    private void close() {
        closed = true;
        sender.clear();
        early.clear();
        notifyAll();
    }

    /**
     * Waits until at most the given number of bytes is not acknowledged, or the association is closed.
     *
     * @return whether the association is open
     */
    synchronized boolean awaitRoom(long bytes, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * MILLISECOND;
        while (!closed && sender.bufferedBytes() > bytes) {
            long left = (end - System.nanoTime()) / MILLISECOND;
            if (left <= 0) break;
            wait(left);
        }
        return !closed;
    }

    // Encoding of packets.

    static byte[] chunk(int type, int flags, byte[] body) {
        ByteBuffer out = ByteBuffer.allocate(4 + body.length + 3 & ~3);
        out.put((byte) type)
                .put((byte) flags)
                .putShort((short) (4 + body.length))
                .put(body);
        return out.array();
    }

    static int padding(byte[] chunk) {
        return chunk.length - Short.toUnsignedInt(ByteBuffer.wrap(chunk).getShort(2));
    }

    private void send(byte[] chunk) {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + chunk.length);
        out.putShort((short) port)
                .putShort((short) remotePort)
                .putInt(remoteTag)
                .putInt(0)
                .put(chunk);
        out.putInt(8, checksum(out.array()));
        network.accept(out.array());
    }

    /** Returns the checksum of a packet, which is computed with zeros in place of the checksum. */
    private static int checksum(byte[] packet) {
        CRC32C crc = new CRC32C();
        crc.update(packet, 0, 8);
        crc.update(new byte[4], 0, 4);
        crc.update(packet, HEADER_BYTES, packet.length - HEADER_BYTES);
        return Integer.reverseBytes((int) crc.getValue());
    }
}
