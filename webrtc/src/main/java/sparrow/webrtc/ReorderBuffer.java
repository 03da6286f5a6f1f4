package sparrow.webrtc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Restores the order of RTP packets. The buffer waits for a missing packet until a packet that is {@link #MAX_WAITING}
 * or more numbers later has arrived, and then reports the missing packet as lost. The buffer needs no clock, because
 * clients send packets continuously.
 */
final class ReorderBuffer {
    /** Maximum number of packets that wait for an earlier packet: 120 ms if each packet has 20 ms of audio. */
    static final int MAX_WAITING = 6;

    /** Number of lost packets from which the stream is treated as interrupted, and losses are no longer reported. */
    private static final int INTERRUPTION = 25;

    /** Packets that wait for an earlier packet, keyed by their extended sequence numbers. */
    private final TreeMap<Long, byte[]> waiting = new TreeMap<>();

    /** The extended sequence number of the next packet, or -1 before the first packet. */
    private long next = -1;

    private long lost;
    private long received;
    private long first;

    /**
     * Adds a packet.
     *
     * @param sequence the packet's 16-bit sequence number
     * @return the payloads of the packets that are now in order; an empty element is a lost packet
     */
    List<Optional<byte[]>> accept(int sequence, byte[] payload) {
        if (next < 0) {
            next = sequence;
            first = sequence;
        }
        long extended = next + (short) (sequence - (int) next);
        List<Optional<byte[]>> ready = new ArrayList<>();
        if (extended < next || waiting.putIfAbsent(extended, payload) != null) return ready;
        received++;
        while (!waiting.isEmpty()) {
            long gap = waiting.firstKey() - next;
            if (gap > 0) {
                if (waiting.lastKey() - next < MAX_WAITING) break;
                lost += gap;
                for (long i = 0; gap < INTERRUPTION && i < gap; i++) ready.add(Optional.empty());
                next += gap;
            }
            ready.add(Optional.of(waiting.pollFirstEntry().getValue()));
            next++;
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
