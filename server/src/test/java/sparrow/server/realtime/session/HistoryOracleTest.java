package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.Window;
import sparrow.models.pool.KvSlot;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.reply.ServedModel;
import sparrow.speech.wave.Waveform;

/**
 * After any edits of a conversation the bundled model is asked exactly what the items say, and answers it as it would
 * somebody who never said anything else.
 */
@Tag("full")
class HistoryOracleTest {
    private static final int TOKENS = 40;
    private static final String SHORT = "{\"max_output_tokens\":" + TOKENS + "}";

    private static TalkingModel model;

    @BeforeAll
    static void open() {
        model = new TalkingModel();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Question heard(Waveform sound) {
        Waveform sent = new Waveform(
                sparrow.server.audio.Pcm16.decode(
                        sparrow.server.audio.Pcm16.encode(sound.at(24_000).samples())),
                24_000);
        return model.pool().model().encode(new Question.Spoken(sent));
    }

    /** What a slot that holds nothing answers. */
    private static List<Unit> fresh(ChatHistory chat) {
        ServedModel served = model.served();
        GenerationConfig config =
                new GenerationConfig(served.defaults().plan(), served.defaults().sampling(), new Limits(TOKENS, 200));
        CompletableFuture<PooledReply> done = new CompletableFuture<>();
        try (KvSlot slot = model.pool().slot()) {
            slot.ask(chat, new ReplyOptions(config, SpeechMode.SILENT), new ReplyListener() {
                @Override
                public void ended(PooledReply reply) {
                    done.complete(reply);
                }

                @Override
                public void failed(RuntimeException failure) {
                    done.completeExceptionally(failure);
                }
            });
            return done.orTimeout(5, TimeUnit.MINUTES).join().units();
        }
    }

    private static void assertSame(ChatHistory chat, ChatHistory expected) {
        assertThat(chat.instructions()).isEqualTo(expected.instructions());
        assertSame(chat.question(), expected.question());
        assertThat(chat.earlier()).hasSameSizeAs(expected.earlier());
        for (int i = 0; i < expected.earlier().size(); i++) {
            assertSame(
                    chat.earlier().get(i).question(), expected.earlier().get(i).question());
            assertThat(chat.earlier().get(i).reply())
                    .isEqualTo(expected.earlier().get(i).reply());
        }
    }

    private static void assertSame(Question question, Question expected) {
        if (expected instanceof Question.Codes(int[] codes, double seconds)) {
            // The sound of a turn ends with the last whole sample of the resampler.
            int[] asked = ((Question.Codes) question).codes();
            assertThat(asked).isEqualTo(codes);
        } else {
            assertThat(question).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3})
    void editsOfTheItemsAreEditsOfThePromptAndNothingElse(int seed) {
        Random random = new Random(seed);
        try (RealTalk talk = new RealTalk(model)) {
            List<Turn> turns = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                turns.add(turn(talk, 1 + random.nextInt(12)));
                edit(talk, turns, random);
            }
            turn(talk, 1 + random.nextInt(12));

            RealTalk.Asked last = talk.asked.getLast();
            List<ChatTurn> earlier = turns.stream()
                    .map(turn -> new ChatTurn(turn.question, turn.reply))
                    .toList();
            assertSame(
                    last.chat(),
                    new ChatHistory(Optional.empty(), earlier, last.chat().question())
                            .newest(Window.of(model.pool().model()).turns()));
            assertThat(last.reply().units()).isEqualTo(fresh(last.chat()));
        }
    }

    /** A question, its answer, and what they became. */
    private static final class Turn {
        private final String userItem;
        private final String assistantItem;
        private Question question;
        private List<Unit> reply;

        private Turn(String userItem, String assistantItem, Question question, List<Unit> reply) {
            this.userItem = userItem;
            this.assistantItem = assistantItem;
            this.question = question;
            this.reply = reply;
        }
    }

    private static Turn turn(RealTalk talk, int number) {
        Waveform question = TalkingModel.question(number);
        int before = talk.events.size();
        JsonNode item = talk.ask(question, SHORT);
        String user = talk.events.subList(before, talk.events.size()).stream()
                .filter(event -> event.get("type").asText().equals("input_audio_buffer.committed"))
                .map(event -> event.get("item_id").asText())
                .findFirst()
                .orElseThrow();
        RealTalk.Asked asked = talk.asked.getLast();
        return new Turn(
                user,
                item.get("id").asText(),
                asked.chat().question(),
                asked.reply().units());
    }

    private static void edit(RealTalk talk, List<Turn> turns, Random random) {
        List<Turn> answered =
                turns.stream().filter(one -> !one.assistantItem.isEmpty()).toList();
        Turn turn = answered.isEmpty() ? null : answered.get(random.nextInt(answered.size()));
        switch (turn == null ? 3 : random.nextInt(4)) {
            case 0, 1 -> {
                int codes = (int) turn.reply.stream().filter(units()::isSpeech).count();
                int ms = random.nextInt(1 + codes * 80);
                talk.send(
                        "{\"type\":\"conversation.item.truncate\",\"item_id\":\"%s\",\"content_index\":0,\"audio_end_ms\":%d}"
                                .formatted(turn.assistantItem, ms));
                talk.await("conversation.item.truncated", talk.events.size() - 1);
                turn.reply = cut(turn.reply, ms);
            }
            case 2 -> {
                talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"%s\"}".formatted(turn.userItem));
                talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"%s\"}".formatted(turn.assistantItem));
                turns.remove(turn);
            }
            default -> {
                talk.send("""
                    {"type":"conversation.item.create","previous_item_id":"root","item":{"type":"message","role":"user",
                    "content":[{"type":"input_text","text":"hello there"}]}}\
                    """);
                turns.addFirst(new Turn("", "", new Question.Typed("hello there"), List.of()));
            }
        }
    }

    /** The rule, said once more: behind the last code that was heard to its end. */
    private static List<Unit> cut(List<Unit> reply, int ms) {
        int heard = (int) (ms / 80.0 + 1e-6);
        int codes = 0;
        int end = 0;
        for (int i = 0; i < reply.size(); i++) {
            if (!units().isSpeech(reply.get(i))) continue;
            if (codes++ < heard) end = i + 1;
        }
        if (heard == 0) return List.of();
        return codes <= heard ? reply : reply.subList(0, end);
    }

    private static UnitFormat units() {
        return model.pool().model().languageModel().units();
    }

    @Test
    void whatIsPreparedWhileTheUserSpeaksChangesNoTokenAndIsNotPrefilledAgain() {
        Waveform question = TalkingModel.question(4);
        List<Unit> expected = fresh(ChatHistory.of(heard(question)));
        try (RealTalk talk = new RealTalk(model)) {
            int piece = question.sampleRateHz() / 10;
            float[] samples = question.samples();
            for (int from = 0; from < samples.length; from += piece) {
                talk.say(new Waveform(
                        Arrays.copyOfRange(samples, from, Math.min(samples.length, from + piece)),
                        question.sampleRateHz()));
            }
            talk.send("{\"type\":\"input_audio_buffer.commit\"}");
            talk.send("{\"type\":\"response.create\",\"response\":" + SHORT + "}");
            talk.await("response.done");

            assertThat(talk.asked.getLast().reply().units()).isEqualTo(expected);
        }
    }
}
