package sparrow.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.wave.Waveform;

/** Talkers on a virtual clock, with servers that answer by a script. */
class TalkerTest {
    private static final ScriptedServer.Script PROMPT = (server, response) -> {
        server.audio(200, response, 2000);
        server.audio(1200, response, 1000);
        server.done(1300, response, "completed");
    };

    /** A second of sound, loud to its last sample. */
    private static final Recording QUESTION = Recording.of(loud(24_000));

    private static Waveform loud(int samples) {
        float[] sound = new float[samples];
        Arrays.fill(sound, 0.5f);
        return new Waveform(sound, 24_000);
    }

    private static TalkerPlan plan(int turns, double bargeIn, TurnTaking turnTaking) {
        return new TalkerPlan(List.of(QUESTION), turns, Long.MAX_VALUE, bargeIn, turnTaking, History.FORGOTTEN);
    }

    @Test
    void aManualTurnIsSaidInRealTimeAndMeasuredFromItsLastSample() {
        ScriptedServer server = new ScriptedServer(false, PROMPT);

        TalkerLog log = server.run(plan(1, 0, TurnTaking.MANUAL), 1);

        List<ScriptedServer.Sent> appends = server.sent("input_audio_buffer.append");
        assertThat(appends).hasSize(10);
        assertThat(appends.get(9).at() - appends.get(0).at()).isBetween(899L, 901L);
        assertThat(server.sent("input_audio_buffer.commit")).hasSize(1);
        assertThat(server.sent("response.create").getFirst().at())
                .isEqualTo(appends.get(9).at());
        assertThat(server.sent("session.update")
                        .getFirst()
                        .event()
                        .at("/session/audio/input/turn_detection")
                        .isNull())
                .isTrue();
        assertThat(log.replies()).singleElement().satisfies(reply -> {
            assertThat(reply.firstAudioMs()).isBetween(199.0, 201.0);
            assertThat(reply.firstAudioAfterVadMs()).isNull();
            assertThat(reply.realTimeFactor()).isBetween(0.39, 0.41);
            assertThat(reply.audioSeconds()).isEqualTo(3);
            assertThat(reply.underruns()).isZero();
            assertThat(reply.interrupted()).isFalse();
            assertThat(reply.bargeInMs()).isNull();
        });
        assertThat(log.questions()).isEqualTo(1);
        assertThat(log.broken()).isEmpty();
    }

    @Test
    void silenceAtTheEndOfARecordingIsOfTheQuestionForTheClientAndNotForAServerThatListens() {
        float[] sound = new float[24_000];
        Arrays.fill(sound, 0, 12_000, 0.5f);
        List<Recording> half = List.of(Recording.of(new Waveform(sound, 24_000)));
        TalkerPlan manual = new TalkerPlan(half, 1, Long.MAX_VALUE, 0, TurnTaking.MANUAL, History.FORGOTTEN);
        TalkerPlan vad = new TalkerPlan(half, 1, Long.MAX_VALUE, 0, TurnTaking.SERVER_VAD, History.FORGOTTEN);

        TalkerLog byClient = new ScriptedServer(false, PROMPT).run(manual, 1);
        TalkerLog byServer = new ScriptedServer(true, PROMPT).run(vad, 1);

        assertThat(byClient.replies().getFirst().firstAudioMs()).isBetween(199.0, 201.0);
        // Five silent pieces, which the recording has itself.
        assertThat(byServer.replies().getFirst().firstAudioMs()).isBetween(699.0, 701.0);
    }

    @Test
    void theNextQuestionWaitsUntilTheAnswerWasHeard() {
        ScriptedServer server = new ScriptedServer(false, PROMPT);

        TalkerLog log = server.run(plan(3, 0, TurnTaking.MANUAL), 2);

        assertThat(log.replies()).hasSize(3);
        List<Long> commits = server.sent("input_audio_buffer.commit").stream()
                .map(ScriptedServer.Sent::at)
                .toList();
        // First sound, three seconds of it, at least half a second to think, a second to ask.
        assertThat(commits.get(1) - commits.get(0)).isBetween(200L + 3000 + 500 + 1000, 200L + 3000 + 1500 + 1001);
    }

    @Test
    void pausesAreCountedPerReply() {
        ScriptedServer server = new ScriptedServer(false, (script, response) -> {
            script.audio(200, response, 500);
            script.audio(1000, response, 500); // 300 late
            script.audio(1700, response, 500); // 200 late
            script.done(1700, response, "completed");
        });

        TalkerLog log = server.run(plan(1, 0, TurnTaking.MANUAL), 3);

        assertThat(log.replies()).singleElement().satisfies(reply -> {
            assertThat(reply.underruns()).isEqualTo(2);
            assertThat(reply.longestGapMs()).isEqualTo(300);
        });
    }

    @Test
    void aManualInterruptionCancelsCutsToWhatWasHeardAndWaitsForTheEnd() {
        // Sound comes every 10 ms and goes on for 10 ms after the cancel.
        ScriptedServer server = new ScriptedServer(false, (script, response) -> {
            for (int i = 0; i < 500; i++) script.audio(200 + 10 * i, response, 20);
            script.done(5300, response, "completed");
        });

        TalkerLog log = server.run(plan(2, 1, TurnTaking.MANUAL), 4);

        ScriptedServer.Sent cancel = server.sent("response.cancel").getFirst();
        ScriptedServer.Sent truncate = server.sent("conversation.item.truncate").getFirst();
        assertThat(cancel.event().path("response_id").asText()).isEqualTo("resp_1");
        assertThat(truncate.event().path("item_id").asText()).isEqualTo("item_of_resp_1");
        assertThat(truncate.event().path("content_index").intValue()).isZero();
        // Playback begins with 100 ms, after 5 pieces.
        long firstAudio = server.sent("response.create").getFirst().at() + 200;
        assertThat(truncate.event().path("audio_end_ms").longValue())
                .isBetween(truncate.at() - firstAudio - 41, truncate.at() - firstAudio - 39);
        assertThat(log.replies()).hasSize(2);
        assertThat(log.replies().getFirst().interrupted()).isTrue();
        assertThat(log.replies().getFirst().bargeInMs()).isBetween(0.1, 10.0);
        assertThat(log.replies().getFirst().realTimeFactor()).isNull();
        assertThat(log.truncationsSent()).isEqualTo(1);
        assertThat(log.truncationsMade()).isEqualTo(1);
        // Nobody interrupts the last answer: there is nothing left to say.
        assertThat(log.replies().getLast().interrupted()).isFalse();
    }

    @Test
    void anAnswerThatTheServerHasSentAlreadyIsCutWithoutACancel() {
        ScriptedServer server = new ScriptedServer(false, (script, response) -> {
            script.audio(100, response, 8000);
            script.done(110, response, "completed");
        });

        TalkerLog log = server.run(plan(2, 1, TurnTaking.MANUAL), 5);

        assertThat(server.sent("response.cancel")).isEmpty();
        assertThat(server.sent("conversation.item.truncate")).hasSize(1);
        assertThat(log.replies().getFirst().interrupted()).isTrue();
        assertThat(log.replies().getFirst().bargeInMs()).isNull();
    }

    @Test
    void withVadTheMicrophoneStaysOpenAndBothDelaysAreMeasured() {
        ScriptedServer server = new ScriptedServer(true, PROMPT);

        TalkerLog log = server.run(plan(2, 0, TurnTaking.SERVER_VAD), 6);

        List<ScriptedServer.Sent> appends = server.sent("input_audio_buffer.append");
        for (int i = 1; i < appends.size(); i++) {
            assertThat(appends.get(i).at() - appends.get(i - 1).at()).isBetween(99L, 101L);
        }
        assertThat(server.sent("input_audio_buffer.commit")).isEmpty();
        assertThat(server.sent("response.create")).isEmpty();
        assertThat(log.replies()).hasSize(2).allSatisfy(reply -> {
            assertThat(reply.firstAudioAfterVadMs()).isBetween(199.0, 201.0);
            // Five pieces of silence.
            assertThat(reply.firstAudioMs()).isBetween(699.0, 701.0);
        });
    }

    @Test
    void withVadSpeakingInterruptsAndTheAnswerIsCutWhenTheServerNotices() {
        ScriptedServer server = new ScriptedServer(true, (script, response) -> {
            for (int i = 0; i < 100; i++) script.audio(200 + 90 * i, response, 100);
            script.done(9300, response, "completed");
        });

        TalkerLog log = server.run(plan(2, 1, TurnTaking.SERVER_VAD), 7);

        assertThat(server.sent("response.cancel")).isEmpty();
        assertThat(server.sent("conversation.item.truncate")).hasSize(1);
        assertThat(log.questions()).isEqualTo(2);
        assertThat(log.replies()).hasSize(2);
        assertThat(log.replies().getFirst().interrupted()).isTrue();
        assertThat(log.replies().getFirst().bargeInMs()).isBetween(0.0, 20.0);
        assertThat(log.replies().getLast().interrupted()).isFalse();
    }

    @Test
    void aQuestionThatIsRefusedFailsAndTheTalkerGoesOn() {
        int[] asked = new int[1];
        ScriptedServer server = new ScriptedServer(false, (script, response) -> {
            if (asked[0]++ == 0) {
                script.refuse(5, response, "rate_limit_error", "rate_limit_exceeded", "create");
            } else {
                PROMPT.answer(script, response);
            }
        });

        TalkerLog log = server.run(plan(2, 0, TurnTaking.MANUAL), 8);

        assertThat(log.failures()).containsExactly(Map.entry("refused: rate_limit_exceeded", 1));
        assertThat(log.errors()).containsOnlyKeys("rate_limit_exceeded");
        assertThat(log.replies()).hasSize(1);
        assertThat(log.broken()).isEmpty();
    }

    @Test
    void anAnswerWithoutSoundIsAFailedTurn() {
        ScriptedServer server = new ScriptedServer(false, (script, response) -> script.done(50, response, "failed"));

        TalkerLog log = server.run(plan(2, 0, TurnTaking.MANUAL), 9);

        assertThat(log.failures()).containsExactly(Map.entry("no sound: failed", 2));
        assertThat(log.brokenOff()).isEqualTo(2);
        assertThat(log.replies()).isEmpty();
    }

    @Test
    void anAnswerThatTheServerBreaksOffIsAFailedTurnAndNoReply() {
        ScriptedServer server = new ScriptedServer(false, (script, response) -> {
            script.audio(100, response, 500);
            script.done(200, response, "failed");
        });

        TalkerLog log = server.run(plan(2, 0, TurnTaking.MANUAL), 9);

        assertThat(log.brokenOff()).isEqualTo(2);
        assertThat(log.failures()).containsExactly(Map.entry("broke off: failed", 2));
        assertThat(log.replies()).isEmpty();
    }

    @Test
    void anAnswerThatReachesItsBoundOfTokensIsAReply() {
        ScriptedServer server = new ScriptedServer(false, (script, response) -> {
            script.audio(100, response, 500);
            script.done(200, response, "incomplete");
        });

        TalkerLog log = server.run(plan(2, 0, TurnTaking.MANUAL), 9);

        assertThat(log.replies()).hasSize(2);
        assertThat(log.failures()).isEmpty();
    }

    @Test
    void aModelThatHasNothingToSayFailsNothing() {
        ScriptedServer server = new ScriptedServer(false, (script, response) -> script.done(50, response, "completed"));

        TalkerLog log = server.run(plan(2, 0, TurnTaking.MANUAL), 9);

        assertThat(log.silentAnswers()).isEqualTo(2);
        assertThat(log.failures()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TurnTaking.class)
    void whatWasSaidIsDeletedBeforeTheNextAnswerUnlessItIsKept(TurnTaking turnTaking) {
        ScriptedServer.Script twoItems = (script, response) -> {
            script.item(0, "item_" + response);
            script.item(10, "item_of_" + response);
            PROMPT.answer(script, response);
        };
        ScriptedServer forgetting = new ScriptedServer(turnTaking == TurnTaking.SERVER_VAD, twoItems);
        ScriptedServer keeping = new ScriptedServer(turnTaking == TurnTaking.SERVER_VAD, twoItems);
        TalkerPlan kept = new TalkerPlan(List.of(QUESTION), 3, Long.MAX_VALUE, 0.5, turnTaking, History.KEPT);

        forgetting.run(plan(3, 0.5, turnTaking), 12);
        keeping.run(kept, 12);

        assertThat(forgetting.sent("conversation.item.delete"))
                .extracting(sent -> sent.event().path("item_id").asText())
                .containsExactly("item_resp_1", "item_of_resp_1", "item_resp_2", "item_of_resp_2");
        assertThat(keeping.sent("conversation.item.delete")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatFallsSilentIsGivenUp(boolean afterSound) {
        ScriptedServer server = new ScriptedServer(false, (script, response) -> {
            if (afterSound) script.audio(100, response, 500);
        });

        TalkerLog log = server.run(plan(2, 0, TurnTaking.MANUAL), 10);

        assertThat(log.broken()).contains("no event for 60 s");
        assertThat(log.brokenOff()).isEqualTo(1);
    }

    @Test
    void afterItsTimeATalkerAsksNothingMore() {
        ScriptedServer server = new ScriptedServer(false, PROMPT);
        TalkerPlan plan = new TalkerPlan(
                List.of(QUESTION), Integer.MAX_VALUE, 20_000_000_000L, 0, TurnTaking.MANUAL, History.KEPT);

        TalkerLog log = server.run(plan, 11);

        assertThat(server.sent("input_audio_buffer.commit").getLast().at()).isBetween(14_000L, 22_000L);
        assertThat(log.replies()).hasSize(log.questions());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whateverHappensEveryQuestionIsAnsweredOrFailed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TurnTaking turnTaking = seed % 2 == 0 ? TurnTaking.MANUAL : TurnTaking.SERVER_VAD;
        ScriptedServer server = new ScriptedServer(turnTaking == TurnTaking.SERVER_VAD, (script, response) -> {
            long at = random.nextLong(20, 500);
            int pieces = random.nextInt(0, 30);
            for (int i = 0; i < pieces; i++) {
                script.audio(at, response, random.nextInt(10, 400));
                at += random.nextLong(0, 300);
            }
            script.done(at, response, "completed");
        });

        TalkerLog log = server.run(plan(30, 0.4, turnTaking), seed);

        assertThat(log.broken()).isEmpty();
        assertThat(log.questions()).isEqualTo(30);
        int failed =
                log.failures().values().stream().mapToInt(Integer::intValue).sum();
        assertThat(log.replies().size() + log.silentAnswers() + failed).isEqualTo(30);
    }
}
