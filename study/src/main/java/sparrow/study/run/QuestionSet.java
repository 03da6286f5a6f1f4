package sparrow.study.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import sparrow.study.data.Dataset;
import sparrow.study.data.Item;
import sparrow.study.data.Task;
import sparrow.study.data.Turn;
import sparrow.study.folder.FileDigest;

/**
 * The questions of a data set that a run asks.
 *
 * @param name name of the set, valid as a folder name
 * @param task task that determines how replies are judged
 * @param items items in the order of the data set
 */
public record QuestionSet(String name, Task task, List<Item> items) {
    public QuestionSet {
        items = List.copyOf(items);
        if (items.isEmpty()) throw new IllegalArgumentException(name + ": expected questions, found none");
    }

    /**
     * Reads the first questions of a data set.
     *
     * @param name name of the set, valid as a folder name
     * @param max maximum number of items
     * @throws sparrow.formats.BadFileException if a record is invalid
     * @throws IOException if the data set cannot be read
     */
    public static QuestionSet read(String name, Dataset dataset, int max) throws IOException {
        try (Stream<Item> items = dataset.items()) {
            return new QuestionSet(name, dataset.task(), items.limit(max).toList());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Returns a digest of the questions in lower-case hexadecimal. The digest covers ids, answers, earlier turns and
     * the form of asking, but not recordings.
     */
    public String digest() {
        MessageDigest digest = FileDigest.digest();
        for (Item item : items) {
            digest.update(text(item).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns text that contains all properties of an item except its recordings, for a digest. */
    public static String text(Item item) {
        List<String> words =
                new ArrayList<>(List.of(item.id(), item.instructions().orElse("")));
        for (Turn turn : item.turns()) words.add((turn.typed() ? "typed " : "spoken ") + turn.question());
        words.add(String.join("\u0001", item.answers()));
        return String.join("\u0000", words);
    }
}
