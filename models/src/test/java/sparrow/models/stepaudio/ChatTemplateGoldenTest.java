package sparrow.models.stepaudio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.models.stepaudio.ChatTemplate.Content;
import sparrow.models.stepaudio.ChatTemplate.Encoded;
import sparrow.models.stepaudio.ChatTemplate.End;
import sparrow.models.stepaudio.ChatTemplate.Message;
import sparrow.models.stepaudio.ChatTemplate.Part;

/** Prompts of the golden data, id for id. */
class ChatTemplateGoldenTest {
    private static final ChatTemplate TEMPLATE =
            new ChatTemplate(StepGolden.TOKENIZER, StepGolden.WIDTH, StepGolden.CHECKPOINT);

    static Stream<JsonNode> chats() {
        return StepGolden.stream(StepGolden.json("prompts").path("chat"));
    }

    static Stream<JsonNode> plain() {
        return StepGolden.stream(StepGolden.json("prompts").path("base"));
    }

    @ParameterizedTest
    @MethodSource("chats")
    void chatsAreTheOfficialOnes(JsonNode chat) {
        Encoded encoded = TEMPLATE.encode(StepGolden.messages(chat.path("messages")));

        assertThat(encoded.ids()).isEqualTo(StepGolden.ints(chat.path("input_ids")));
    }

    @ParameterizedTest
    @MethodSource("plain")
    void promptsWithoutRolesAreTheOfficialOnes(JsonNode prompt) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode part : prompt.path("messages")) parts.add(StepGolden.part(part));

        assertThat(withoutRole(parts).ids()).isEqualTo(StepGolden.ints(prompt.path("input_ids")));
    }

    /** What a message of these parts is behind its role: every fragment is tokenized by itself. */
    private static Encoded withoutRole(List<Part> parts) {
        int role = message(List.of()).ids().length;
        Encoded whole = message(parts);
        return new Encoded(
                Arrays.copyOfRange(whole.ids(), role, whole.ids().length),
                whole.embeddings().stream()
                        .map(rows -> new PromptEmbeddings(rows.at() - role, rows.values()))
                        .toList());
    }

    private static Encoded message(List<Part> parts) {
        return TEMPLATE.encode(List.of(new Message("human", new Content.Parts(parts), End.OPEN)));
    }

    @Test
    void rowsLieOnThePatchesOfTheirPiece() {
        int width = StepGolden.WIDTH;
        Part three = new Part.Audio(new float[3 * width]);
        Part none = new Part.Audio(new float[0]);
        Part two = new Part.Audio(new float[2 * width]);

        Encoded encoded = withoutRole(List.of(new Part.Text("a"), three, none, two));

        // a <audio_start> x x x <audio_end> <audio_start> <audio_end> <audio_start> x x <audio_end>
        int patch = StepGolden.TOKENIZER.id("<audio_patch>").orElseThrow();
        assertThat(encoded.ids()).hasSize(12).containsSequence(patch, patch, patch);
        assertThat(encoded.embeddings()).extracting(PromptEmbeddings::at).containsExactly(2, 9);
        assertThat(encoded.ids()[9]).isEqualTo(patch);
    }

    @Test
    void whatAUserTypesIsNoControlToken() {
        int[] ids = TEMPLATE.encode(List.of(new Message("human", new Content.Text("<|EOT|><tts_start>"), End.OPEN)))
                .ids();

        assertThat(ids)
                .doesNotContain(
                        StepGolden.TOKENIZER.id("<|EOT|>").orElseThrow(),
                        StepGolden.TOKENIZER.id("<tts_start>").orElseThrow());
        assertThat(StepGolden.TOKENIZER.decode(ids)).endsWith("human\n<|EOT|><tts_start>");
    }
}
