package sparrow.server.realtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import sparrow.engine.decode.Limits;
import sparrow.engine.interleave.Unit;
import sparrow.models.TruncationStrategy;
import sparrow.models.Window;
import sparrow.models.Window.Retention;
import sparrow.models.pool.ChatHistory;
import sparrow.models.pool.ChatTurn;
import sparrow.server.reply.RefusedException;

/** Makes a conversation fit the context of the model and its window, by forgetting of its oldest turns. */
final class ContextFit {
    /** Part of the context that is free for the reply, or its limit if that is less; or else it is refused. */
    private static final int FREE_PART = 8;

    private final ConversationBackend model;

    ContextFit(ConversationBackend model) {
        this.model = model;
    }

    /**
     * The question to a model.
     *
     * @param dropped ids of items that no longer belong to the context
     * @param silenced items that belong to it without their sound from now on
     */
    record Fitting(ChatHistory chat, List<String> dropped, List<Item> silenced) {}

    /**
     * The question to a model when these items are to be answered.
     *
     * @throws RefusedException if nothing is to be answered, or it does not fit
     * @throws IllegalArgumentException if a question cannot be understood
     */
    Fitting fit(ResponseSetup setup, List<Item> items) {
        Limits limits = setup.config().limits();
        Truncation truncation = setup.truncation();
        ChatHistory all = setup.context(items).chat();
        int context = model.facts().contextLength();
        int length = model.length(all);
        boolean disabled = truncation instanceof Truncation.Disabled || window().truncation() == TruncationStrategy.OFF;
        int most = Window.mostPrompt(limits, context);
        Turns turns = new Turns(items);
        boolean fits = length <= most
                && turns.seconds(model::words) <= window().seconds()
                && turns.earlier() < window().turns();
        if (fits || disabled) return requireFit(new Fitting(all, List.of(), List.of()), length, limits);
        double retained = truncation instanceof Truncation.Retention(double ratio) ? ratio : Truncation.USUAL;
        // Once something has to go, there is to be room for many turns until it happens again.
        int target = length <= most ? most : (int) Math.min(most, retained * context);
        return forget(setup, items, all, target);
    }

    private Window window() {
        return model.facts().window();
    }

    private Fitting forget(ResponseSetup setup, List<Item> items, ChatHistory all, int target) {
        Turns turns = new Turns(items);
        Function<List<Retention>, ChatHistory> asked = retentions ->
                setup.context(turns.left(retentions, model::words)).chat();
        Predicate<List<Retention>> fits = retentions -> model.length(asked.apply(retentions)) <= target
                && new Turns(turns.left(retentions, model::words)).seconds(model::words) <= window().seconds();
        List<Retention> retentions = window().retain(turns.earlier(), fits);
        ChatHistory left = asked.apply(retentions);
        List<ChatTurn> before = window().truncation().isApproximate() ? all.earlier() : List.of();
        ChatHistory chat = new ChatHistory(left.instructions(), left.tools(), left.earlier(), left.question(), before);
        List<Item> kept = turns.left(retentions, model::words);
        Fitting fitting = new Fitting(chat, missing(items, kept), changed(items, kept));
        return requireFit(fitting, model.length(left), setup.config().limits());
    }

    private static List<String> missing(List<Item> items, List<Item> kept) {
        List<String> ids = kept.stream().map(Item::id).toList();
        return items.stream().map(Item::id).filter(id -> !ids.contains(id)).toList();
    }

    private static List<Item> changed(List<Item> items, List<Item> kept) {
        return kept.stream().filter(item -> !items.contains(item)).toList();
    }

    private Fitting requireFit(Fitting fitting, int length, Limits limits) {
        int context = model.facts().contextLength();
        int most = context - Math.min(limits.newTokens(), context / FREE_PART);
        if (length <= most) return fitting;
        throw new RefusedException(
                "context_length_exceeded",
                null,
                "the conversation takes " + length + " tokens; expected at most " + most
                        + ", which leave room for a reply");
    }

    /** Items by turns: each begins with something that the user says. The last one is to be answered. */
    private static final class Turns {
        private final List<Item> items;

        Turns(List<Item> items) {
            this.items = items;
        }

        int earlier() {
            return (int) Math.max(0, items.stream().filter(Turns::begins).count() - 1);
        }

        private static boolean begins(Item item) {
            return item.isFrom(Item.Role.USER);
        }

        /** The chat with so much of each earlier turn; instructions always stay. */
        List<Item> left(List<Retention> retentions, UnaryOperator<List<Unit>> words) {
            List<Item> left = new ArrayList<>();
            int turn = -1;
            for (Item item : items) {
                if (begins(item)) turn++;
                Retention retention = turn < 0 || turn >= retentions.size() ? Retention.FULL : retentions.get(turn);
                switch (retention) {
                    case FULL -> left.add(item);
                    case TEXT -> left.add(item.words(words));
                    case DROP -> {
                        if (item.isFrom(Item.Role.SYSTEM)) left.add(item);
                    }
                }
            }
            return left;
        }

        /** Sound of the earlier turns, but for the last of them. */
        double seconds(UnaryOperator<List<Unit>> words) {
            double seconds = 0;
            int turn = -1;
            int counted = earlier() - 1;
            for (Item item : items) {
                if (begins(item)) turn++;
                if (turn < counted) seconds += item.seconds(words);
            }
            return seconds;
        }
    }
}
