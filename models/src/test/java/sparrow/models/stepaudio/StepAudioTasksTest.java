package sparrow.models.stepaudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.Step;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TurnPosition;
import sparrow.models.chat.Window;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.SpeechMode;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Transcription and reading aloud by the tiny checkpoint, whose prompts are the official ones. */
class StepAudioTasksTest {
    private static final Question.Spoken RECORDING = new Question.Spoken(StepGolden.wav("wav/speech16k.wav"));

    private static ComputePool threads;
    private static SpokenModel model;

    @BeforeAll
    static void open() throws IOException {
        threads = new ComputePool(1);
        model = SpokenModels.open(StepGolden.CHECKPOINT, OpenOptions.NONE, Kernels.create(threads));
    }

    @AfterAll
    static void close() {
        model.close();
        threads.close();
    }

    private static JsonNode recognition() {
        return StepGolden.stream(StepGolden.json("prompts").path("chat"))
                .filter(chat -> chat.at("/messages/0/content").asText().startsWith("请记录"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thePromptOfATranscriptionIsTheOfficialOne() {
        int[] ids = model.transcriber().prompt(RECORDING, TurnPosition.FIRST).tokens();

        assertThat(ids).containsExactly(StepGolden.ints(recognition().path("input_ids")));
    }

    @Test
    void aTranscriptionExpectsTextAlone() {
        SpokenModel transcriber = model.transcriber();
        GenerationConfig config =
                new GenerationConfig(ExitPlan.NONE, transcriber.defaultSampling(), Limits.newTokens(1));

        Step first = new Conversation(transcriber, config, Window.of(transcriber), SpeechMode.SILENT)
                .ask(RECORDING, ReplyListener.NONE)
                .reply()
                .steps()
                .getFirst();

        assertThat(transcriber.defaultSampling()).isEqualTo(Sampling.GREEDY);
        assertThat(first.modality()).isEqualTo(Modality.TEXT);
        int[] prompt = transcriber.prompt(RECORDING, TurnPosition.FIRST).tokens();
        assertThat(transcriber
                        .languageModel()
                        .units()
                        .newTracker(prompt[prompt.length - 1])
                        .accept(first.unit())
                        .modality())
                .isEqualTo(Modality.TEXT);
    }

    @Test
    void aTextThatIsReadAloudStandsBehindItsSentenceAndBeforeTheStartOfSpeech() {
        SpokenModel reader = model.reader("default");

        int[] ids =
                reader.prompt(new Question.Typed("Hello."), TurnPosition.FIRST).tokens();

        assertThat(StepGolden.TOKENIZER.decode(ids))
                .contains("system\n以自然的语速读出下面的文字。\n")
                .contains("human\nHello.");
        assertThat(ids[ids.length - 1])
                .isEqualTo(StepGolden.TOKENIZER.id("<tts_start>").orElseThrow());
        assertThat(model.readingVoices()).containsExactly("default");
        assertThat(reader.defaultSampling()).isEqualTo(model.defaultSampling());
    }

    @Test
    void questionsThatATaskDoesNotTakeAreRefused() {
        assertThatThrownBy(() -> model.transcriber().prompt(new Question.Typed("Hello."), TurnPosition.FIRST))
                .hasMessage("transcription: expected a recording, got a text");
        assertThatThrownBy(() -> model.reader("default").encode(RECORDING))
                .hasMessage("reading aloud: expected a text, got a recording");
        assertThatThrownBy(() -> model.reader("default").prompt(new Question.Typed("a"), TurnPosition.LATER))
                .hasMessageStartingWith("question: expected a new conversation for each ");
    }
}
