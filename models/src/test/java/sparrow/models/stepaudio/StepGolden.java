package sparrow.models.stepaudio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Safetensors;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.PromptWriter;
import sparrow.speech.encode.AudioPieces;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The golden data of Step-Audio-2, and its cases as our types. */
final class StepGolden {
    static final Path FOLDER = Path.of(System.getProperty("sparrow.testdata"), "step-audio-2-mini");
    static final Path CHECKPOINT = FOLDER.resolve("ckpt");
    static final Tokenizer TOKENIZER = tokenizer();

    /** Numbers of a hidden state. */
    static final int WIDTH = 64;

    static final StepAudioPrompts PROMPTS = prompts();

    private StepGolden() {}

    private static Tokenizer tokenizer() {
        try {
            return Tokenizer.openByteLevel(CHECKPOINT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StepAudioPrompts prompts() {
        try {
            int vocabulary = StepAudioConfig.read(CHECKPOINT).transformer().vocabulary();
            return new StepAudioPrompts(TOKENIZER, StepAudioTokens.of(TOKENIZER, vocabulary, CHECKPOINT), WIDTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A case file. */
    static JsonNode json(String name) {
        try {
            return new ObjectMapper()
                    .readTree(FOLDER.resolve("cases/" + name + ".json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tensors of a case file. */
    static Safetensors tensors(String name) {
        try {
            return Safetensors.open(FOLDER.resolve("cases/" + name + ".safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A recording. */
    static Waveform wav(String name) {
        try {
            return WavFile.read(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static int[] ints(JsonNode array) {
        return stream(array).mapToInt(JsonNode::intValue).toArray();
    }

    /**
     * The prompt of messages.
     *
     * @param hear makes rows of a recording, piece by piece
     */
    static PromptTokens prompt(JsonNode messages, Function<Waveform, List<float[]>> hear) {
        PromptWriter prompt = new PromptWriter(TOKENIZER);
        for (JsonNode message : messages) {
            // The official code knows the user by this name.
            String role = message.path("role").textValue().replace("user", "human");
            JsonNode content = message.path("content");
            if (content.isTextual() && !content.textValue().equals("<tts_start>")) {
                prompt.ids(PROMPTS.tokens().turnStart()).text(role + "\n" + content.textValue());
            } else {
                PROMPTS.turn(prompt, role);
                for (JsonNode part : content.isArray() ? content : List.of(content)) part(prompt, part, hear);
            }
            if (!content.isNull() && message.path("eot").asBoolean(true)) PROMPTS.end(prompt);
        }
        return prompt.finish(0);
    }

    /** A part of a message. */
    static void part(PromptWriter prompt, JsonNode part, Function<Waveform, List<float[]>> hear) {
        if (part.isNull()) return;
        String kind = part.isTextual() ? "text" : part.path("type").textValue();
        switch (kind) {
            case "text" -> {
                String text =
                        part.isTextual() ? part.textValue() : part.path("text").textValue();
                if (text.equals("<tts_start>")) prompt.ids(PROMPTS.tokens().speechStart());
                else prompt.text(text);
            }
            case "token" -> prompt.ids(ints(part.path("token")));
            case "audio" ->
                hear.apply(wav(part.path("audio").textValue())).forEach(rows -> PROMPTS.sound(prompt, rows));
            default -> throw new IllegalArgumentException(kind);
        }
    }

    /** As many rows as a recording takes, all zeros. */
    static List<float[]> zeros(Waveform recording) {
        return AudioPieces.of(recording).stream()
                .map(piece -> new float[AudioPieces.patches(piece.length) * WIDTH])
                .toList();
    }
}
