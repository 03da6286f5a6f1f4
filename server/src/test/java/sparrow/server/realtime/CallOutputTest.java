package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.server.call.CallPort;
import sparrow.server.realtime.event.ServerEvent.Place;

class CallOutputTest {
    private static final Place FIRST = new Place("resp_1", "item_1", 0, 0);
    private static final Place SECOND = new Place("resp_2", "item_2", 0, 0);

    private final List<String> events = new ArrayList<>();
    private final CallOutput output = new CallOutput(new CallOutput.Listener() {
        @Override
        public void started(String responseId) {
            events.add("started " + responseId);
        }

        @Override
        public void stopped(String responseId) {
            events.add("stopped " + responseId);
        }
    });

    private static short[] constant(int value, int count) {
        short[] samples = new short[count];
        Arrays.fill(samples, (short) value);
        return samples;
    }

    private short[] frame() {
        short[] frame = new short[CallPort.FRAME];
        output.fill(frame);
        return frame;
    }

    @Test
    void aFrameHoldsWhatIsThereAndThenSilence() {
        assertThat(frame()).containsOnly(0);

        output.add(FIRST, constant(7, 500));

        assertThat(frame()).containsOnly(7);
        short[] rest = frame();
        assertThat(Arrays.copyOf(rest, 20)).containsOnly(7);
        assertThat(Arrays.copyOfRange(rest, 20, rest.length)).containsOnly(0);
        assertThat(events).containsExactly("started resp_1");
    }

    @Test
    void aResponseStopsWhenItsLastSampleHasBeenSent() {
        output.add(FIRST, constant(7, CallPort.FRAME));
        output.complete("resp_1");

        frame();
        assertThat(events).containsExactly("started resp_1");
        frame();

        assertThat(events).containsExactly("started resp_1", "stopped resp_1");
    }

    @Test
    void aSecondResponseWaitsForTheFirstOne() {
        output.add(FIRST, constant(7, 100));
        output.add(SECOND, constant(9, CallPort.FRAME));
        assertThat(frame()).containsOnly(7, 0);

        output.complete("resp_1");

        assertThat(frame()).containsOnly(9);
        assertThat(events).containsExactly("started resp_1", "stopped resp_1", "started resp_2");
    }

    @Test
    void nothingOfADroppedResponseIsSentAndItsSentTimeIsKnown() {
        output.add(FIRST, constant(7, 24_000));
        for (int i = 0; i < 10; i++) frame();

        assertThat(output.drop("resp_1")).contains(new CallOutput.Cut("resp_1", "item_1", 200, 800));

        assertThat(frame()).containsOnly(0);
        assertThat(output.drop("resp_1")).isEmpty();
        assertThat(events).containsExactly("started resp_1");
    }

    @Test
    void decodingPausesWhileAMinuteWaits() {
        output.add(FIRST, new short[60 * CallPort.RATE_HZ]);
        assertThat(output.isFull()).isTrue();

        frame();
        assertThat(output.isFull()).isFalse();

        output.add(FIRST, new short[CallPort.RATE_HZ]);
        output.drop("resp_1");
        assertThat(output.isFull()).isFalse();
    }
}
