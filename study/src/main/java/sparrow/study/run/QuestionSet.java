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
 * The questions of one data set that a run asks.
 *
 * @param name fit to be a folder's name
 * @param task by which replies are judged
 * @param items in the order of the data set
 */
public record QuestionSet(String name, Task task, List<Item> items) {
    public QuestionSet {
        items = List.copyOf(items);
        if (items.isEmpty()) throw new IllegalArgumentException(name + ": expected questions, found none");
    }

    /**
     * Reads the first questions of a data set.
     *
     * @param name as above
     * @param most items
     * @throws sparrow.formats.BadFileException if one of its records is not as it should be
     * @throws IOException if it cannot be read
     */
    public static QuestionSet read(String name, Dataset dataset, int most) throws IOException {
        try (Stream<Item> items = dataset.items()) {
            return new QuestionSet(name, dataset.task(), items.limit(most).toList());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * The same for the same questions with the same ids and answers, asked in the same way after the same turns, lower-case
     * hexadecimal. Recordings do not count.
     */
    public String digest() {
        MessageDigest digest = FileDigest.digest();
        for (Item item : items) {
            digest.update(text(item).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Everything about an item but its recordings, for a digest. */
    public static String text(Item item) {
        List<String> words =
                new ArrayList<>(List.of(item.id(), item.instructions().orElse("")));
        for (Turn turn : item.turns()) words.add((turn.typed() ? "typed " : "spoken ") + turn.question());
        words.add(String.join("\u0001", item.answers()));
        return String.join("\u0000", words);
    }
}
