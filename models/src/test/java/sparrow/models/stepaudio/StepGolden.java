package sparrow.models.stepaudio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.weights.Safetensors;
import sparrow.models.stepaudio.ChatTemplate.Content;
import sparrow.models.stepaudio.ChatTemplate.End;
import sparrow.models.stepaudio.ChatTemplate.Message;
import sparrow.models.stepaudio.ChatTemplate.Part;
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

    private StepGolden() {}

    private static Tokenizer tokenizer() {
        try {
            return Tokenizer.openByteLevel(CHECKPOINT);
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

    /** Messages whose sounds have as many rows as they take, all zeros. */
    static List<Message> messages(JsonNode messages) {
        List<Message> all = new ArrayList<>();
        for (JsonNode message : messages) {
            String role = message.path("role").textValue();
            // The official code knows the user by this name.
            if (role.equals("user")) role = "human";
            JsonNode content = message.path("content");
            boolean open = content.isNull() || !message.path("eot").asBoolean(true);
            all.add(new Message(role, content(content), open ? End.OPEN : End.CLOSED));
        }
        return all;
    }

    private static Content content(JsonNode content) {
        if (content.isNull()) return new Content.Text("");
        if (content.isTextual()) {
            String text = content.textValue();
            return text.equals("<tts_start>") ? new Content.SpeechStart() : new Content.Text(text);
        }
        List<Part> parts = new ArrayList<>();
        for (JsonNode part : content) parts.addAll(parts(part));
        return new Content.Parts(parts);
    }

    /** The one fragment of a part. */
    static Part part(JsonNode part) {
        return parts(part).getFirst();
    }

    private static List<Part> parts(JsonNode part) {
        String kind = part.isTextual() ? "text" : part.path("type").textValue();
        return switch (kind) {
            case "text" -> {
                String text =
                        part.isTextual() ? part.textValue() : part.path("text").textValue();
                yield List.of(text.equals("<tts_start>") ? new Part.SpeechStart() : new Part.Text(text));
            }
            case "token" -> List.of(new Part.Tokens(ints(part.path("token"))));
            case "audio" ->
                AudioPieces.of(wav(part.path("audio").textValue())).stream()
                        .<Part>map(piece -> new Part.Audio(new float[AudioPieces.patches(piece.length) * WIDTH]))
                        .toList();
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
