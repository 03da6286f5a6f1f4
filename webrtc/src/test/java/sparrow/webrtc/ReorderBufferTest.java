package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReorderBufferTest {
    private final ReorderBuffer buffer = new ReorderBuffer();
    private final List<String> out = new ArrayList<>();

    private void accept(int... sequences) {
        for (int sequence : sequences) {
            add(buffer.accept(
                    sequence & 0xffff, new ReorderBuffer.Packet(960 * sequence, new byte[] {(byte) sequence})));
        }
    }

    private void add(List<ReorderBuffer.Ready> all) {
        for (ReorderBuffer.Ready ready : all) {
            if (ready.lost() > 0) out.add(ready.lost() + " lost");
            out.add("" + ready.packet().payload()[0]);
        }
    }

    @Test
    void packetsInOrderPassAtOnce() {
        accept(10);
        assertThat(out).containsExactly("10");
        accept(11, 12);
        assertThat(out).containsExactly("10", "11", "12");
    }

    @Test
    void exchangedPacketsAreOrderedAndRepetitionsDropped() {
        accept(1, 3, 3, 2, 2, 5, 4, 1);

        assertThat(out).containsExactly("1", "2", "3", "4", "5");
        assertThat(buffer.received()).isEqualTo(5);
        assertThat(buffer.lost()).isZero();
    }

    @Test
    void aMissingPacketIsLostAfterSixPackets() {
        accept(1, 3, 4, 5, 6, 7);
        assertThat(out).containsExactly("1");

        accept(8);

        assertThat(out).containsExactly("1", "1 lost", "3", "4", "5", "6", "7", "8");
        assertThat(buffer.lost()).isEqualTo(1);
        accept(2);
        assertThat(out).hasSize(8);
    }

    @Test
    void sequenceNumbersWrapAround() {
        accept(65_534, 65_536, 65_535, 65_537);

        assertThat(out).containsExactly("-2", "-1", "0", "1");
        assertThat(buffer.highest()).isEqualTo(65_537);
    }

    @Test
    void waitingPacketsCanBeRemoved() {
        accept(1, 3, 6);
        assertThat(out).containsExactly("1");

        add(buffer.flush());
        accept(7);

        assertThat(out).containsExactly("1", "1 lost", "3", "2 lost", "6", "7");
        assertThat(buffer.lost()).isEqualTo(3);
    }
}
