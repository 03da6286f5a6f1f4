package sparrow.server.vad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.server.vad.ScriptedVad.frames;
import static sparrow.server.vad.ScriptedVad.kept;
import static sparrow.server.vad.ScriptedVad.sound;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import sparrow.server.vad.TurnDetector.Onset;
import sparrow.server.vad.TurnEvent.SpeechStarted;
import sparrow.server.vad.TurnEvent.SpeechStopped;

/** The state machine, with probabilities given. A frame has 32 ms; 500 ms of silence are 16 frames, 300 ms are 9.4. */
class TurnDetectorTest {
    private final TurnDetector detector = new TurnDetector(new ScriptedVad(), TurnSettings.DEFAULT);

    @Test
    void aTurnBeginsWithItsPaddingAndEndsWithItsSilence() {
        float[] sound = sound(together(frames(20, 0), frames(10, 0.9), frames(20, 0)));

        List<TurnEvent> events = detector.append(sound);

        assertThat(events).hasSize(2);
        assertThat(events.getFirst()).isEqualTo(new SpeechStarted(20 * 32 - 300));
        Turn turn = turn(events.getLast());
        assertThat(turn.startMs()).isEqualTo(340);
        assertThat(turn.endMs()).isEqualTo((30 + 16) * 32);
        assertThat(turn.audio().sampleRateHz()).isEqualTo(16_000);
        assertThat(turn.audio().samples()).isEqualTo(kept(Arrays.copyOfRange(sound, 340 * 16, (30 * 32 + 200) * 16)));
        assertThat(detector.isSpeaking()).isFalse();
    }

    @Test
    void oneAppendMayHoldSeveralTurns() {
        float[] sound = sound(together(frames(3, 0.9), frames(30, 0), frames(2, 0.7), frames(16, 0.2), frames(1, 0.5)));

        List<TurnEvent> events = detector.append(sound);

        assertThat(events.stream().map(Object::getClass).toList())
                .isEqualTo(List.of(
                        SpeechStarted.class,
                        SpeechStopped.class,
                        SpeechStarted.class,
                        SpeechStopped.class,
                        SpeechStarted.class));
        assertThat(turn(events.get(1)).startMs()).isZero();
        assertThat(turn(events.get(1)).endMs()).isEqualTo(19 * 32);
        assertThat(turn(events.get(3)).startMs()).isEqualTo(33 * 32 - 300);
        assertThat(detector.isSpeaking()).isTrue();
    }

    @Test
    void paddingMayReachIntoSilenceThatWasDroppedButNoSampleIsSaidTwice() {
        float[] sound = sound(together(frames(10, 0.9), frames(16, 0), frames(1, 0.9), frames(16, 0)));
        float[] dense = sound(together(frames(10, 0.9), frames(4, 0), frames(1, 0.9), frames(4, 0)));

        List<TurnEvent> events = detector.append(sound);
        TurnDetector hasty = new TurnDetector(new ScriptedVad(), new TurnSettings(0.5f, 300, 100));
        List<TurnEvent> hastily = hasty.append(dense);

        assertThat(turn(events.get(1)).endMs()).isEqualTo(26 * 32);
        assertThat(events.get(2)).isEqualTo(new SpeechStarted(26 * 32 - 300));
        assertThat(turn(hastily.get(1)).audio().samples()).hasSize(14 * 512);
        assertThat(hastily.get(2)).isEqualTo(new SpeechStarted(14 * 32));
    }

    @Test
    void silenceIsFifteenHundredthsBelowTheThresholdAndWhatIsBetweenChangesNothing() {
        double[] between = together(frames(1, 0.9), frames(40, 0.36));
        double[] resumed = together(frames(1, 0.34), frames(14, 0.49), frames(1, 0.5));
        double[] ended = together(frames(1, 0.34), frames(14, 0.49));

        assertThat(detector.append(sound(between))).hasSize(1);
        assertThat(detector.append(sound(resumed))).isEmpty();
        assertThat(detector.append(sound(ended))).isEmpty();
        assertThat(detector.append(sound(0.49)))
                .as("long enough, but no silence")
                .isEmpty();
        assertThat(detector.append(sound(0.34))).hasSize(1);
    }

    @Test
    void aPauseInsideOfATurnBelongsToItWhole() {
        float[] sound = sound(together(frames(2, 0.9), frames(15, 0), frames(2, 0.9), frames(16, 0)));

        List<TurnEvent> events = detector.append(sound);

        assertThat(events).hasSize(2);
        assertThat(turn(events.getLast()).audio().samples())
                .isEqualTo(kept(Arrays.copyOf(sound, (19 * 32 + 200) * 16)));
    }

    @Test
    void aShortSilenceIsGivenWhole() {
        detector.change(new TurnSettings(0.5f, 0, 64));

        List<TurnEvent> events = detector.append(sound(0, 0.9, 0, 0));

        assertThat(turn(events.getLast()).startMs()).isEqualTo(32);
        assertThat(turn(events.getLast()).audio().samples()).hasSize(3 * 512);
    }

    @Test
    void withoutAnySilenceTheFirstSilentFrameEndsATurn() {
        detector.change(new TurnSettings(0.5f, 0, 0));

        assertThat(detector.append(sound(0.9, 0.4, 0.2))).hasSize(2);
    }

    @Test
    void aLowThresholdStillEnds() {
        detector.change(new TurnSettings(0.1f, 300, 500));

        assertThat(detector.append(sound(together(frames(1, 0.1), frames(16, 0.009)))))
                .hasSize(2);
    }

    @Test
    void whileAnAnswerIsPlayedFourOfSixFramesBeginATurn() {
        assertThat(detector.append(sound(0, 0.9, 0.9, 0.9, 0, 0, 0, 0.9, 0.9), Onset.SUSTAINED))
                .isEmpty();
        assertThat(detector.append(sound(0, 0, 0, 0, 0, 0), Onset.SUSTAINED)).isEmpty();

        List<TurnEvent> events = detector.append(sound(0.9, 0, 0.9, 0.9, 0, 0.9), Onset.SUSTAINED);

        assertThat(events).containsExactly(new SpeechStarted(15 * 32 - 300));
    }

    @Test
    void whatWasTooShortToInterruptBelongsToATurnThatBeginsRightBehindIt() {
        detector.append(sound(together(frames(20, 0), frames(3, 0.9), frames(1, 0))), Onset.SUSTAINED);

        assertThat(detector.append(sound(0.9))).containsExactly(new SpeechStarted(20 * 32 - 300));
    }

    @Test
    void anInterruptionEndsLikeAnyTurn() {
        float[] sound = sound(together(frames(6, 0.9), frames(16, 0)));

        List<TurnEvent> events = detector.append(sound, Onset.SUSTAINED);

        assertThat(events).hasSize(2);
        assertThat(turn(events.getLast()).endMs()).isEqualTo(22 * 32);
    }

    @Test
    void aTurnThatNeverEndsIsCutAfterTenMinutes() {
        float[] minute = sound(frames(60_000 / 32, 0.9));

        for (int i = 0; i < 9; i++) assertThat(detector.append(minute)).hasSize(i == 0 ? 1 : 0);
        assertThat(detector.append(minute)).singleElement().satisfies(event -> {
            assertThat(turn(event).endMs()).isEqualTo(TurnDetector.MAX_TURN_MS);
            assertThat(turn(event).audio().seconds()).isEqualTo(600);
        });

        assertThat(detector.append(sound(0.9))).containsExactly(new SpeechStarted(TurnDetector.MAX_TURN_MS));
    }

    @Test
    void aClientMayCommitInTheMiddleOfATurn() {
        float[] sound = sound(together(frames(10, 0), frames(5, 0.9)));
        detector.append(sound);
        detector.append(new float[] {0.25f, 0.5f});

        assertThat(detector.bufferedMs()).isEqualTo(300 + 5 * 32);
        Turn turn = detector.commit();

        assertThat(turn.startMs()).isEqualTo(20);
        assertThat(turn.endMs()).isEqualTo(15 * 32);
        assertThat(turn.audio().samples()).hasSize((300 + 5 * 32) * 16 + 2).endsWith(0.25f, 0.5f);
        assertThat(detector.isSpeaking()).isFalse();
        assertThat(detector.bufferedMs()).isZero();
        // The rest of the frame that was cut, then a frame of speech: none of it was committed.
        detector.append(new float[510]);
        assertThat(detector.append(sound(0.9))).containsExactly(new SpeechStarted(15 * 32));
    }

    @Test
    void aCommitWhileNobodySpeaksGivesThePadding() {
        detector.append(sound(frames(100, 0)));

        assertThat(detector.bufferedMs()).isEqualTo(300 + 5 * 32);
        Turn turn = detector.commit();

        assertThat(turn.startMs()).isEqualTo(100 * 32 - 460);
        assertThat(turn.endMs()).isEqualTo(3200);
        assertThat(turn.audio().samples()).hasSize(460 * 16);
        assertThat(detector.commit().audio().samples()).isEmpty();
    }

    @Test
    void whatIsClearedIsNeverSaid() {
        detector.append(sound(together(frames(10, 0), frames(5, 0.9))));

        detector.clear();

        assertThat(detector.isSpeaking()).isFalse();
        assertThat(detector.heard().length()).isZero();
        assertThat(detector.bufferedMs()).isZero();
        assertThat(detector.append(sound(0, 0.9))).containsExactly(new SpeechStarted(15 * 32));
    }

    @Test
    void speechBeforeAClearOrAnEndDoesNotHelpToInterrupt() {
        detector.append(sound(0.9, 0.9, 0.9), Onset.SUSTAINED);
        detector.clear();
        assertThat(detector.append(sound(0.9, 0.9, 0.9), Onset.SUSTAINED)).isEmpty();
        detector.commit();

        assertThat(detector.append(sound(0.9, 0.9, 0.9), Onset.SUSTAINED)).isEmpty();
        assertThat(detector.append(sound(0.9), Onset.SUSTAINED)).containsExactly(new SpeechStarted(6 * 32));
    }

    @Test
    void aDetectorThatJoinsASessionCountsFromThere() {
        TurnDetector late = new TurnDetector(new ScriptedVad(), TurnSettings.DEFAULT, 16_000);

        assertThat(late.append(sound(0, 0.9))).containsExactly(new SpeechStarted(1000));
        assertThat(late.position()).isEqualTo(16_000 + 1024);
    }

    @Test
    void aRunningTurnIsHeardWhileItGoesOnButNotItsLongSilence() {
        float[] sound = sound(together(frames(3, 0.9), frames(16, 0)));
        detector.append(Arrays.copyOf(sound, 3 * 512 + 100));

        assertThat(detector.heard().samples()).isEqualTo(kept(Arrays.copyOf(sound, 3 * 512 + 100)));
        detector.append(Arrays.copyOfRange(sound, 3 * 512 + 100, 18 * 512));

        assertThat(detector.heard().samples()).isEqualTo(kept(Arrays.copyOf(sound, 3 * 512 + 200 * 16)));
    }

    @Test
    void settingsOutsideOfTheirRangeAreRefusedByName() {
        assertThatThrownBy(() -> new TurnSettings(Float.NaN, 300, 500))
                .hasMessage("threshold: expected 0 to 1, got NaN");
        assertThatThrownBy(() -> new TurnSettings(1.1f, 300, 500)).hasMessage("threshold: expected 0 to 1, got 1.1");
        assertThatThrownBy(() -> new TurnSettings(0.5f, -1, 500))
                .hasMessage("prefix_padding_ms: expected 0 to 10000 ms, got -1");
        assertThatThrownBy(() -> new TurnSettings(0.5f, 300, 60_001))
                .hasMessage("silence_duration_ms: expected 0 to 60000 ms, got 60001");
    }

    private static Turn turn(TurnEvent event) {
        return ((SpeechStopped) event).turn();
    }

    private static double[] together(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(DoubleStream::of).toArray();
    }
}
