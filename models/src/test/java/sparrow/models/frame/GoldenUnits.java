package sparrow.models.frame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenRows;
import sparrow.models.family.PromptTokens;
import sparrow.tensor.kernel.Weight;

/** Reads the golden data of models whose speech is frames. */
public final class GoldenUnits {
    private GoldenUnits() {}

    /** Returns the events of a reply: a number is an id, a list a frame. */
    public static List<Unit> events(JsonNode events) {
        return stream(events)
                .<Unit>map(event -> event.isArray()
                        ? new Unit.Frame(stream(event).map(JsonNode::intValue).toList())
                        : new Unit.Token(event.intValue()))
                .toList();
    }

    public static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    public static int[] ints(JsonNode array) {
        return stream(array).mapToInt(JsonNode::intValue).toArray();
    }

    /** Returns the vectors before the first layer of a prompt. */
    public static List<float[]> inputs(Transformer transformer, PromptTokens prompt) {
        List<float[]> inputs = new ArrayList<>();
        for (int id : prompt.ids()) inputs.add(transformer.embed(id));
        for (PromptEmbeddings some : prompt.embeddings()) {
            List<float[]> rows =
                    GoldenRows.rows(some.values(), transformer.config().width());
            for (int i = 0; i < rows.size(); i++) inputs.set(some.at() + i, rows.get(i));
        }
        return inputs;
    }

    /**
     * Computes the input of a depth decoder.
     *
     * @param name name of the front head
     * @param hidden the backbone's state, which is already normalised
     */
    public static float[] front(Checkpoint checkpoint, String name, FrameUnits units, float[] hidden) {
        Transformer transformer = units.transformer();
        int rows = units.depth().codebooks() * units.depth().width();
        Weight weight = transformer.kernels().view(checkpoint.matrix(name + ".weight", rows, hidden.length));
        return new FrontHead(weight, checkpoint.floats(name + ".bias", rows), null, 0)
                .inputs(transformer.newHeadKernel(), List.of(transformer.state(hidden.clone())))
                .getFirst();
    }

    /** Opens a set's file of expected tensors. */
    public static Safetensors tensors(Path folder, String set, String file) {
        try {
            return Safetensors.open(expected(folder, set, file + ".safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a set's file of expected cases. */
    public static JsonNode json(Path folder, String set, String file) {
        try {
            return new ObjectMapper()
                    .readTree(expected(folder, set, file + ".json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path expected(Path folder, String set, String file) {
        return folder.resolve("expected").resolve(set).resolve(file);
    }
}
