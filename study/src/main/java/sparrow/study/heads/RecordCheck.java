package sparrow.study.heads;

import java.nio.file.Path;
import java.util.List;
import sparrow.engine.weights.BadFileException;

/** Looks at the numbers of records whose checksums are right: whoever wrote them may have written anything. */
final class RecordCheck {
    /** Logarithms and sums of probabilities are rounded. */
    private static final double ROUNDING = 1e-3;

    private final Path file;
    private final int vocabulary;
    private int record;
    private long begin;

    private RecordCheck(Path file, int vocabulary) {
        this.file = file;
        this.vocabulary = vocabulary;
    }

    /**
     * Refuses ids that are none of the vocabulary, and probabilities that are none.
     *
     * @param file of the records, for the message
     * @throws BadFileException naming record, position and value
     */
    static void check(Path file, List<StoredReply> replies, int vocabulary) {
        RecordCheck check = new RecordCheck(file, vocabulary);
        for (StoredReply reply : replies) check.check(reply);
    }

    private void check(StoredReply reply) {
        record++;
        for (int at = 0; at < reply.positions(); at++) {
            id(reply.token(at), "token", at);
            id(reply.choice(at), "choice", at);
            for (int k = 0; k < reply.layout().top(); k++) {
                id(reply.topToken(at, k), "likely token", at);
                double log = reply.topLog(at, k);
                // Not the other way round, which a NaN would pass.
                if (!(log <= ROUNDING)) throw wrong("logarithm of a probability", at, "0 or less", log);
            }
            if (reply.layout().top() > 0) {
                double others = reply.others(at);
                if (!(others >= 0 && others <= 1 + ROUNDING)) {
                    throw wrong("probability of other tokens", at, "0 to 1", others);
                }
            }
        }
        begin += RecordHeader.BYTES + reply.header().bytes();
    }

    private void id(int id, String what, int at) {
        if (id < 0 || id >= vocabulary) throw wrong(what, at, "an id from 0 to " + (vocabulary - 1), id);
    }

    private BadFileException wrong(String what, int at, String expected, Object found) {
        return new BadFileException(
                file,
                "record " + record + " at byte " + begin + ": " + what + " of position " + (at + 1),
                "expected " + expected + ", found " + found);
    }
}
