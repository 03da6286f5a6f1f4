package sparrow.webrtc;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Restores the order of RTP packets. The buffer waits for a missing packet until a packet that is {@link #MAX_WAITING}
 * or more numbers later has arrived, or until {@link #flush} is called.
 */
final class ReorderBuffer {
    /** Maximum number of packets that wait for an earlier packet: 120 ms if each packet has 20 ms of audio. */
    static final int MAX_WAITING = 6;

    /** Packets that wait for an earlier packet, keyed by their extended sequence numbers. */
    private final TreeMap<Long, Packet> waiting = new TreeMap<>();

    /** The extended sequence number of the next packet, or -1 before the first packet. */
    private long next = -1;

    private long lost;
    private long received;
    private long first;

    /** A packet with its time in units of 1/48000 s. */
    record Packet(int timestamp, byte[] payload) {}

    /** @param lost the number of packets that are missing before this packet */
    record Ready(Packet packet, long lost) {}

    /**
     * Adds a packet, and returns the packets that are now in order.
     *
     * @param sequence the packet's 16-bit sequence number
     */
    List<Ready> accept(int sequence, Packet packet) {
        if (next < 0) {
            next = sequence;
            first = sequence;
        }
        long extended = next + (short) (sequence - (int) next);
        if (extended < next || waiting.putIfAbsent(extended, packet) != null) return List.of();
        received++;
        return remove(MAX_WAITING);
    }

    /** Returns the waiting packets. Their missing packets are lost. */
    List<Ready> flush() {
        return remove(0);
    }

    private List<Ready> remove(int maxWaiting) {
        List<Ready> ready = new ArrayList<>();
        while (!waiting.isEmpty()) {
            long gap = waiting.firstKey() - next;
            if (gap > 0 && waiting.lastKey() - next < maxWaiting) break;
            lost += gap;
            ready.add(new Ready(waiting.pollFirstEntry().getValue(), gap));
            next += gap + 1;
        }
        return ready;
    }

    /** Returns the number of packets that were not received in time. */
    long lost() {
        return lost;
    }

    /** Returns the number of packets that were received, without repetitions and late packets. */
    long received() {
        return received;
    }

    /** Returns the highest extended sequence number, relative to the beginning of the first cycle. */
    long highest() {
        return waiting.isEmpty() ? Math.max(first, next - 1) : waiting.lastKey();
    }
}
