package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;
import sparrow.models.OpenOptions;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TurnPosition;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.Window;
import sparrow.models.family.PromptTokens;
import sparrow.models.frame.GoldenUnits;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ConversationPool;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Transcription and reading aloud by the tiny checkpoints, against the official runs of them. */
class SpeechTasksTest {
    static List<String> sets() {
        return LfmGolden.names();
    }

    private static SpokenModel open(String set, ComputePool threads) throws IOException {
        return SpokenModels.open(LfmGolden.FOLDER.resolve(set), OpenOptions.NONE, Kernels.create(threads));
    }

    private static Question.Spoken recording() throws IOException {
        return new Question.Spoken(WavFile.read(LfmGolden.FOLDER.resolve("wav/b_second24k.wav")));
    }

    private static GenerationConfig greedy(int units) {
        return new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(units));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void aTextIsReadAloudAsByTheOfficialCode(String set) throws IOException {
        JsonNode run = LfmGolden.of(set).json("generate").path("sequential_tts");
        // Texts of one turn, which are tokenized one by one; no token reaches across their borders here.
        StringBuilder text = new StringBuilder();
        for (JsonNode action : run.path("chat").path("actions")) {
            boolean said = action.get(0).textValue().equals("text");
            if (said && !action.get(1).textValue().startsWith("Perform"))
                text.append(action.get(1).textValue());
        }
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = open(set, threads)) {
            SpokenModel reader = model.reader("uk-male");
            Conversation conversation =
                    new Conversation(reader, greedy(run.path("max_new_tokens").intValue()), Window.of(reader));

            Answer answer = conversation.ask(new Question.Typed(text.toString()), ReplyListener.NONE);

            assertThat(answer.reply().units()).isEqualTo(GoldenUnits.events(run.path("events")));
            assertThat(answer.reply().stop()).isEqualTo(StopReason.END_TOKEN);
            long heard = answer.reply().units().stream()
                    .filter(unit -> reader.languageModel().units().codes(unit).length > 0)
                    .count();
            assertThat(heard).isPositive();
            assertThat(answer.speech().samples()).hasSize(1920 * (int) heard);
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void aRecordingIsTranscribedAsByTheOfficialCode(String set) throws IOException {
        LfmGolden golden = LfmGolden.of(set);
        JsonNode run = golden.json("generate").path("sequential_asr");
        PromptTokens official = golden.prompt(run.path("chat").path("actions"));
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = open(set, threads)) {
            SpokenModel transcriber = model.transcriber();

            Prompt prompt = transcriber.prompt(recording(), TurnPosition.FIRST);
            Reply reply = new Decoder(
                            transcriber.languageModel(),
                            greedy(run.path("max_new_tokens").intValue()))
                    .reply(Request.of(
                            new Sequence(transcriber.languageModel()), official.ids(), official.embeddings(), 0));

            JsonNode expected = golden.json("prompts").path("asr");
            int[] modality = modality(prompt, transcriber.languageModel().width());
            assertThat(modality).containsExactly(GoldenUnits.ints(expected.path("modality")));
            assertThat(IntStream.range(0, modality.length)
                            .filter(i -> modality[i] == 1)
                            .map(i -> prompt.tokens()[i])
                            .toArray())
                    .containsExactly(GoldenUnits.ints(expected.path("text")));
            assertThat(reply.units()).isEqualTo(GoldenUnits.events(run.path("events")));
        }
    }

    /** The modality of each position: 1 text, 2 heard. */
    private static int[] modality(Prompt prompt, int width) {
        int[] modality = new int[prompt.tokens().length];
        Arrays.fill(modality, 1);
        prompt.embeddings().forEach(states -> {
            int positions = states.values().length / width;
            Arrays.fill(modality, states.at(), states.at() + positions, 2);
        });
        return modality;
    }

    @Tag("full")
    @Test
    void theOfficialSettingsAreTheTasksOwn() throws IOException {
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = open("a", threads)) {
            assertThat(model.readingVoices()).containsExactly("us-female", "us-male", "uk-female", "uk-male");
            assertThat(model.transcriber().defaultSampling()).isEqualTo(Sampling.GREEDY);
            Sampling reading = model.reader("us-female").defaultSampling();
            assertThat(reading.greedy()).isTrue();
            assertThat(reading.codes()).isEqualTo(new Sampling.Codes(0.8, 64));
        }
    }

    @Tag("full")
    @Test
    void questionsThatATaskDoesNotTakeAreRefused() throws IOException {
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = open("a", threads)) {
            SpokenModel transcriber = model.transcriber();
            SpokenModel reader = model.reader("us-male");
            Conversation conversation = new Conversation(transcriber, greedy(3), Window.of(transcriber));
            conversation.ask(recording(), ReplyListener.NONE);

            assertThatThrownBy(() -> conversation.ask(recording(), ReplyListener.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("question: expected a new conversation for each \"Perform ASR.\"");
            assertThatThrownBy(() -> transcriber.prompt(new Question.Typed("Hello."), TurnPosition.FIRST))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("transcription: expected a recording, got a text");
            assertThatThrownBy(() -> reader.encode(recording()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("reading aloud: expected a text, got a recording");
            assertThatThrownBy(() -> model.reader("de-male"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("voice: expected us-female or us-male or uk-female or uk-male, got de-male");
        }
    }

    @Tag("full")
    @Test
    void aTaskEndsWithItsModelAndNotTheOtherWayRound() throws IOException {
        try (ComputePool threads = new ComputePool(1)) {
            SpokenModel model = open("a", threads);
            SpokenModel transcriber = model.transcriber();
            model.transcriber().close();
            assertThat(transcriber.prompt(recording(), TurnPosition.FIRST).tokens())
                    .isNotEmpty();

            model.close();

            assertThatThrownBy(() -> transcriber.prompt(recording(), TurnPosition.FIRST))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a: the model is closed");
        }
    }

    @Tag("full")
    @Test
    void aPoolTranscribesSeveralAtOnceAndCancels() throws Exception {
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = open("a", threads)) {
            SpokenModel transcriber = model.transcriber();
            String alone = new Conversation(transcriber, greedy(40), Window.of(transcriber), SpeechMode.SILENT)
                    .ask(recording(), ReplyListener.NONE)
                    .text();
            try (ConversationPool pool = new ConversationPool(transcriber, PoolOptions.DEFAULT)) {
                List<Ending> endings = new ArrayList<>();
                for (int i = 0; i < 3; i++) endings.add(new Ending());
                ReplyOptions options = new ReplyOptions(greedy(40), SpeechMode.SILENT);
                pool.ask(ChatHistory.of(recording()), options, endings.get(0));
                pool.ask(ChatHistory.of(recording()), options, endings.get(1));
                ReplyOptions endless = new ReplyOptions(greedy(1000), SpeechMode.SILENT);
                ReplyHandle cancelled = pool.ask(ChatHistory.of(recording()), endless, endings.get(2));
                cancelled.cancel();

                assertThat(endings.get(0).reply.get().text()).isEqualTo(alone);
                assertThat(endings.get(1).reply.get().text()).isEqualTo(alone);
                assertThat(endings.get(2).reply.get().reply().stop()).isEqualTo(StopReason.CANCELLED);
            }
        }
    }

    @Test
    void aPoolOfConversationsDoesTheTasksInTheSameBatch() throws Exception {
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = open("a", threads)) {
            SpokenModel transcriber = model.transcriber();
            SpokenModel reader = model.reader("uk-male");
            Question.Typed typed = new Question.Typed("Good morning.");
            List<List<Unit>> alone =
                    List.of(alone(model, recording()), alone(transcriber, recording()), alone(reader, typed));
            assertThat(alone).doesNotHaveDuplicates();
            try (ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
                ReplyOptions options = new ReplyOptions(greedy(40), SpeechMode.SILENT);
                List<Ending> endings = List.of(new Ending(), new Ending(), new Ending());
                pool.ask(ChatHistory.of(recording()), options, endings.get(0));
                pool.ask(transcriber, ChatHistory.of(recording()), options, endings.get(1));
                pool.ask(reader, ChatHistory.of(typed), options, endings.get(2));

                for (int i = 0; i < 3; i++) {
                    assertThat(endings.get(i).reply.get().reply().units()).isEqualTo(alone.get(i));
                }
            }
        }
    }

    private static List<Unit> alone(SpokenModel task, Question question) {
        return new Conversation(task, greedy(40), Window.of(task), SpeechMode.SILENT)
                .ask(question, ReplyListener.NONE)
                .reply()
                .units();
    }

    @Test
    void aTaskOfAnotherModelIsRefused() throws Exception {
        try (ComputePool threads = new ComputePool(1);
                SpokenModel model = open("a", threads);
                SpokenModel other = open("b", threads);
                ConversationPool pool = new ConversationPool(model, PoolOptions.DEFAULT)) {
            ReplyOptions options = new ReplyOptions(greedy(40), SpeechMode.SILENT);

            assertThatThrownBy(() ->
                            pool.ask(other.transcriber(), ChatHistory.of(recording()), options, ReplyListener.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("task: expected one of a, got one of b");
        }
    }

    /** Waits for the end of a reply. */
    private static final class Ending implements ReplyListener {
        final CompletableFuture<PooledReply> reply = new CompletableFuture<>();

        @Override
        public void ended(PooledReply ended) {
            reply.complete(ended);
        }

        @Override
        public void failed(RuntimeException failure) {
            reply.completeExceptionally(failure);
        }
    }
}
