package sparrow.engine.decode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.transformer.State;

/** The latest early tokens of a reply since its last position of full depth: those that the next one is asked about too. */
final class EarlyTokens {
    /** As many as may be drafted in a row. Where nothing is redone there may be more; then the latest are kept. */
    private static final int MOST = ExitPolicy.MOST_DRAFTS;

    private final Deque<EarlyToken> tokens = new ArrayDeque<>();

    void add(EarlyToken token) {
        if (isFull()) tokens.removeFirst();
        tokens.add(token);
    }

    boolean isEmpty() {
        return tokens.isEmpty();
    }

    boolean isFull() {
        return tokens.size() == MOST;
    }

    int count() {
        return tokens.size();
    }

    EarlyToken last() {
        return tokens.getLast();
    }

    /** The positions that decided them and the newest one, which are asked about together. */
    List<HeadRow> rows(List<State> states, boolean newestSpeechLogits) {
        List<HeadRow> rows = new ArrayList<>();
        for (EarlyToken early : tokens) rows.add(new HeadRow(states.get(rows.size()), early.speechLogits()));
        rows.add(new HeadRow(states.getLast(), newestSpeechLogits));
        return rows;
    }

    /** All of them, which are forgotten. */
    List<EarlyToken> drain() {
        List<EarlyToken> all = List.copyOf(tokens);
        tokens.clear();
        return all;
    }
}
