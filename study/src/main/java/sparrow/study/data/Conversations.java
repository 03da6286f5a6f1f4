package sparrow.study.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Conversations that contain the questions of a {@link WaveFolder} in other forms, stored in a file in that folder,
 * with one JSON object per line. The keys of an object are {@code id}; {@code instructions}, an optional system text;
 * and {@code turns}. Only the last turn is scored. A turn has {@code spoken}, the id of a question in the folder, or
 * {@code typed}, a text; and {@code answers}, the id of a question with equal answers, or {@code answer}, the correct
 * answer. Other keys are ignored.
 */
final class Conversations {
    private static final String SPOKEN = "spoken";
    private static final String TYPED = "typed";
    private static final String ANSWERS = "answers";
    private static final String ANSWER = "answer";

    private final Path folder;

    /** Questions by id, read with the first conversation. */
    private final Map<String, Item> questions = new HashMap<>();

    private Conversations(Path folder) {
        this.folder = folder;
    }

    static Dataset open(Path file) {
        Conversations all = new Conversations(file.toAbsolutePath().getParent());
        String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        return new Dataset(name, Task.REFERENCE_ANSWERS, file, JsonRecords::lines, all::item);
    }

    private Item item(DataRecord record) {
        List<Turn> turns = new ArrayList<>();
        List<String> answers = List.of();
        JsonNode listed = record.values().path("turns");
        if (!listed.isArray() || listed.isEmpty()) throw record.wrong("turns", "a list of one or more");
        for (JsonNode turn : listed) {
            DataRecord turnRecord = new DataRecord(record.file(), record.place(), record.number(), turn);
            boolean typed = turnRecord.has(TYPED);
            if (typed && turnRecord.has(SPOKEN)) throw turnRecord.wrong(TYPED, "spoken or typed, not both");
            if (typed && turnRecord.has(ANSWER)) {
                turns.add(Turn.typed(turnRecord.text(TYPED)));
                answers = List.of(turnRecord.text(ANSWER));
                continue;
            }
            Item known = question(turnRecord, typed ? ANSWERS : SPOKEN);
            turns.add(typed ? Turn.typed(turnRecord.text(TYPED)) : known.turns().getLast());
            answers = known.answers();
        }
        return new Item(record.text("id"), record.optionalText("instructions"), turns, answers);
    }

    private Item question(DataRecord turn, String key) {
        if (questions.isEmpty()) {
            try (Stream<Item> items = WaveFolder.open(folder).items()) {
                items.forEach(item -> questions.put(item.id(), item));
            }
        }
        Item found = questions.get(turn.text(key));
        if (found == null) throw turn.wrong(key, "the id of a question in the folder");
        return found;
    }
}
