package sparrow.server.realtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.models.pool.Dialogue;
import sparrow.server.reply.RefusedException;

/** Makes a conversation fit the context of the model, by dropping its oldest turns. */
final class ContextFit {
    /** Part of the context that is kept free for the reply. */
    private static final int FREE_PART = 8;

    private final Interlocutor model;

    ContextFit(Interlocutor model) {
        this.model = model;
    }

    /**
     * What a model is asked.
     *
     * @param dropped ids of items that no longer belong to the context
     */
    record Fitting(Dialogue dialogue, List<String> dropped) {}

    /**
     * What a model is asked when these items are to be answered.
     *
     * @throws RefusedException if nothing is to be answered, or it does not fit
     * @throws IllegalArgumentException if a question cannot be understood
     */
    Fitting fit(Optional<String> instructions, List<Item> items, Truncation truncation) {
        Dialogue all = Context.of(instructions, items).dialogue();
        int context = model.facts().contextLength();
        int most = context - context / FREE_PART;
        int length = model.length(all);
        if (length <= most) return new Fitting(all, List.of());
        double retained = switch (truncation) {
            case Truncation.Disabled() -> throw tooLong(length, most);
            case Truncation.Auto() -> Truncation.USUAL;
            case Truncation.Retention(double ratio) -> ratio;
        };
        return dropped(instructions, items, (int) Math.min(most, retained * context), most);
    }

    private Fitting dropped(Optional<String> instructions, List<Item> items, int target, int most) {
        List<Item> left = new ArrayList<>(items);
        List<String> dropped = new ArrayList<>();
        Dialogue dialogue = Context.of(instructions, left).dialogue();
        while (model.length(dialogue) > target && dropTurn(left, dropped)) {
            dialogue = Context.of(instructions, left).dialogue();
        }
        int length = model.length(dialogue);
        if (length > most) throw tooLong(length, most);
        return new Fitting(dialogue, dropped);
    }

    /** Drops what comes first, up to the next thing that the user says; false if that is all that is left. */
    private static boolean dropTurn(List<Item> left, List<String> dropped) {
        int first = next(left, 0);
        int second = next(left, first + 1);
        if (second == left.size()) return false;
        List<Item> turn = left.subList(first, second).stream()
                .filter(item -> item.role() != Item.Role.SYSTEM)
                .toList();
        left.removeAll(turn);
        turn.forEach(item -> dropped.add(item.id()));
        return true;
    }

    private static int next(List<Item> items, int from) {
        int at = from;
        while (at < items.size() && items.get(at).role() != Item.Role.USER) at++;
        return at;
    }

    private static RefusedException tooLong(int length, int most) {
        return new RefusedException(
                "context_length_exceeded",
                null,
                "the conversation takes " + length + " tokens; expected at most " + most
                        + ", which leave room for a reply");
    }
}
