package sparrow.webrtc;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The messages that an {@link SctpAssociation} sends, as fragments that are sent again until the peer acknowledges
 * them, with the congestion control of RFC 9260. Not thread-safe. Times are in nanoseconds since any origin.
 */
final class SctpSender {
    /** Length of packets that pass through all common networks, and maximum length of their user data. */
    private static final int MTU = 1200;

    private static final int MAX_FRAGMENT = 1100;
    private static final int DATA_HEADER_BYTES = 16;
    private static final int MAX_WINDOW = 1 << 20;
    private static final int MAX_ATTEMPTS = 8;
    private static final long MILLISECOND = 1_000_000;
    private static final long MIN_TIMEOUT = 200 * MILLISECOND;
    private static final long MAX_TIMEOUT = 4_000 * MILLISECOND;

    private final Consumer<byte[]> network;
    private int nextTsn = new SecureRandom().nextInt();
    private final Map<Integer, Integer> streamSequences = new HashMap<>();
    private final ArrayDeque<Outgoing> unsent = new ArrayDeque<>();
    private final ArrayDeque<Outgoing> sent = new ArrayDeque<>();
    private long bufferedBytes;
    private int flight;
    private int congestionWindow = 10 * MTU;
    private int threshold = MAX_WINDOW;
    private int increase;
    private int peerWindow = MTU;
    private int recoveryEnd;
    private boolean recovering;
    private double smoothedRtt;
    private double rttVariation;
    private long timeout = 500 * MILLISECOND;
    private long timerSince;
    private int attempts;

    /** Whether fragments may be sent. */
    private boolean open;

    /** A fragment of a message. */
    private static final class Outgoing {
        private final int tsn;
        private final byte[] chunk;
        private long sentAt;
        private int transmissions;
        private int misses;
        private boolean acknowledged;
        private boolean lost;

        Outgoing(int tsn, byte[] chunk) {
            this.tsn = tsn;
            this.chunk = chunk;
        }
    }

    /** @param network a consumer that sends a chunk */
    SctpSender(Consumer<byte[]> network) {
        this.network = network;
    }

    /** Returns the transmission number of the next fragment. */
    int nextTsn() {
        return nextTsn;
    }

    /** Sets the number of bytes that the peer can accept. */
    void setPeerWindow(int bytes) {
        peerWindow = bytes < 0 ? Integer.MAX_VALUE : bytes;
    }

    /** Allows fragments to be sent. */
    void open() {
        open = true;
    }

    /** Returns the number of bytes of user data that have not been acknowledged yet. */
    long bufferedBytes() {
        return bufferedBytes;
    }

    /** Discards all fragments. */
    void clear() {
        unsent.clear();
        sent.clear();
        bufferedBytes = 0;
    }

    /** Queues a message. */
    void send(int stream, int protocol, byte[] data, long now) {
        int sequence = streamSequences.merge(stream, 1, Integer::sum) - 1;
        for (int at = 0; at < data.length; at += MAX_FRAGMENT) {
            int end = Math.min(data.length, at + MAX_FRAGMENT);
            int flags = (at == 0 ? SctpAssociation.FIRST : 0) | (end == data.length ? SctpAssociation.LAST : 0);
            ByteBuffer body = ByteBuffer.allocate(DATA_HEADER_BYTES - 4 + end - at);
            body.putInt(nextTsn)
                    .putShort((short) stream)
                    .putShort((short) sequence)
                    .putInt(protocol);
            body.put(data, at, end - at);
            unsent.add(new Outgoing(nextTsn++, SctpAssociation.chunk(SctpAssociation.DATA, flags, body.array())));
            bufferedBytes += end - at;
        }
        flush(now);
    }

    /**
     * Sends fragments again that were not acknowledged in time.
     *
     * @return false if the peer has not acknowledged anything for too long
     */
    boolean tick(long now) {
        if (sent.isEmpty() || now - timerSince < timeout) return true;
        if (++attempts > MAX_ATTEMPTS) return false;
        timeout = Math.min(MAX_TIMEOUT, 2 * timeout);
        threshold = Math.max(congestionWindow / 2, 4 * MTU);
        congestionWindow = MTU;
        recovering = false;
        for (Outgoing one : sent) one.lost = !one.acknowledged;
        flight = 0;
        timerSince = now;
        flush(now);
        return true;
    }

    /** Sends as many fragments as the windows allow. */
    void flush(long now) {
        if (!open) return;
        for (Outgoing one : sent) {
            if (!one.lost || !mayTransmit(one)) continue;
            one.lost = false;
            one.misses = 0;
            transmit(one, now);
        }
        while (!unsent.isEmpty() && mayTransmit(unsent.peek())) {
            if (sent.isEmpty()) timerSince = now;
            Outgoing one = unsent.remove();
            sent.add(one);
            transmit(one, now);
        }
    }

    /**
     * Returns whether a fragment may be sent. One fragment is always sent, because its acknowledgement reports whether
     * the window has opened.
     */
    private boolean mayTransmit(Outgoing one) {
        return flight == 0 || flight + one.chunk.length <= Math.min(congestionWindow, peerWindow);
    }

    private void transmit(Outgoing one, long now) {
        flight += one.chunk.length;
        one.sentAt = now;
        one.transmissions++;
        network.accept(one.chunk);
    }

    /** Processes a selective acknowledgement (section 3.3.4). */
    void acknowledged(ByteBuffer body, long now) {
        if (body.remaining() < 12) return;
        int cumulative = body.getInt();
        int window = body.getInt();
        int gaps = Short.toUnsignedInt(body.getShort());
        body.getShort();
        if (cumulative - nextTsn >= 0) return;
        int acknowledged = 0;
        while (!sent.isEmpty() && sent.peek().tsn - cumulative <= 0) {
            Outgoing one = sent.remove();
            acknowledged += acknowledge(one);
            bufferedBytes -= one.chunk.length - DATA_HEADER_BYTES - SctpAssociation.padding(one.chunk);
            if (one.transmissions == 1) measured(now - one.sentAt);
        }
        if (acknowledged > 0) {
            attempts = 0;
            timerSince = now;
            grow(acknowledged);
        }
        int highest = cumulative;
        for (int i = 0; i < gaps && body.remaining() >= 4; i++) {
            int from = cumulative + Short.toUnsignedInt(body.getShort());
            int to = cumulative + Short.toUnsignedInt(body.getShort());
            for (Outgoing one : sent) if (one.tsn - from >= 0 && one.tsn - to <= 0) acknowledge(one);
            highest = to;
        }
        if (recovering && cumulative - recoveryEnd >= 0) recovering = false;
        for (Iterator<Outgoing> all = sent.iterator(); all.hasNext(); ) {
            Outgoing one = all.next();
            if (one.tsn - highest >= 0) break;
            if (!one.acknowledged && !one.lost && ++one.misses == 3) lose(one);
        }
        setPeerWindow(window);
    }

    /** Returns the number of bytes that are no longer in flight. */
    private int acknowledge(Outgoing one) {
        if (one.acknowledged) return 0;
        one.acknowledged = true;
        if (!one.lost) flight -= one.chunk.length;
        one.lost = false;
        return one.chunk.length;
    }

    private void lose(Outgoing one) {
        one.lost = true;
        flight -= one.chunk.length;
        if (recovering) return;
        recovering = true;
        recoveryEnd = nextTsn - 1;
        threshold = Math.max(congestionWindow / 2, 4 * MTU);
        congestionWindow = threshold;
    }

    private void grow(int bytes) {
        if (recovering) return;
        if (congestionWindow <= threshold) {
            congestionWindow += Math.min(bytes, MTU);
        } else {
            increase += bytes;
            if (increase < congestionWindow) return;
            increase -= congestionWindow;
            congestionWindow += MTU;
        }
        congestionWindow = Math.min(congestionWindow, MAX_WINDOW);
    }

    private void measured(long rtt) {
        if (smoothedRtt == 0) {
            smoothedRtt = rtt;
            rttVariation = rtt / 2.0;
        } else {
            rttVariation += (Math.abs(smoothedRtt - rtt) - rttVariation) / 4;
            smoothedRtt += (rtt - smoothedRtt) / 8;
        }
        timeout = Math.clamp(Math.round(smoothedRtt + 4 * rttVariation), MIN_TIMEOUT, MAX_TIMEOUT);
    }
}
