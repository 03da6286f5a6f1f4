package sparrow.models.frame;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import sparrow.engine.interleave.Unit;

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

    /** Returns the rows of a matrix. */
    public static List<float[]> rows(float[] matrix, int width) {
        List<float[]> rows = new ArrayList<>();
        for (int at = 0; at < matrix.length; at += width) {
            float[] row = new float[width];
            System.arraycopy(matrix, at, row, 0, width);
            rows.add(row);
        }
        return rows;
    }
}
