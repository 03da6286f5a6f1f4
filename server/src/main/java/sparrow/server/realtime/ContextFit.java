package sparrow.server.realtime;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.decode.Limits;
import sparrow.engine.interleave.Unit;
import sparrow.models.TruncationStrategy;
import sparrow.models.Window;
import sparrow.models.Window.Retention;
import sparrow.models.pool.ChatHistory;
import sparrow.models.pool.ChatTurn;
import sparrow.server.reply.RefusedException;

/** Makes a conversation fit the context of the model and its window, by forgetting of its oldest turns. */
record ContextFit(ConversationBackend model) {
    /** Part of the context that is free for the reply, or its limit if that is less; or else it is refused. */
    private static final int FREE_PART = 8;

    /**
     * The question to a model.
     *
     * @param items of which it is made, as they belong to the context from now on
     */
    record Fitting(ChatHistory chat, List<Item> items) {}

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
        boolean fits = length <= most && seconds(items) <= window().seconds() && earlier(items) < window().turns();
        if (fits || disabled) return requireFit(new Fitting(all, items), length, limits);
        double retained = truncation instanceof Truncation.Retention(double ratio) ? ratio : Truncation.USUAL;
        // Once something has to go, there is to be room for many turns until it happens again.
        int target = length <= most ? most : (int) Math.min(most, retained * context);
        return forget(setup, items, all, target);
    }

    private Window window() {
        return model.facts().window();
    }

    private Fitting forget(ResponseSetup setup, List<Item> items, ChatHistory all, int target) {
        List<Retention> retentions = window().retain(earlier(items), tried -> {
            List<Item> left = left(items, tried);
            return model.length(setup.context(left).chat()) <= target && seconds(left) <= window().seconds();
        });
        List<Item> left = left(items, retentions);
        ChatHistory chat = setup.context(left).chat();
        List<ChatTurn> before = window().truncation().isApproximate() ? all.earlier() : List.of();
        ChatHistory whole = new ChatHistory(chat.instructions(), chat.tools(), chat.earlier(), chat.question(), before);
        return requireFit(
                new Fitting(whole, left), model.length(chat), setup.config().limits());
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

    /** A turn begins with something that the user says. */
    private static boolean begins(Item item) {
        return item.isFrom(Item.Role.USER);
    }

    private static int earlier(List<Item> items) {
        return (int) Math.max(0, items.stream().filter(ContextFit::begins).count() - 1);
    }

    /** The items with so much of each earlier turn; instructions always stay. */
    private List<Item> left(List<Item> items, List<Retention> retentions) {
        List<Item> left = new ArrayList<>();
        int turn = -1;
        for (Item item : items) {
            if (begins(item)) turn++;
            Retention retention = turn < 0 || turn >= retentions.size() ? Retention.FULL : retentions.get(turn);
            switch (retention) {
                case FULL -> left.add(item);
                case TEXT -> left.add(item instanceof Item.Message message ? words(message) : item);
                case DROP -> {
                    if (item.isFrom(Item.Role.SYSTEM)) left.add(item);
                }
            }
        }
        return left;
    }

    /** The same without the sound of what the model said, whose text stays. */
    private Item words(Item.Message message) {
        List<Content> content = new ArrayList<>();
        for (Content part : message.content()) {
            content.add(
                    part instanceof Content.OutputAudio(String said, List<Unit> units, long ms)
                            ? new Content.OutputAudio(said, model.words(units), ms)
                            : part);
        }
        return new Item.Message(message.id(), message.role(), message.status(), content);
    }

    /** Sound of the earlier turns, but for the last of them. */
    private double seconds(List<Item> items) {
        double seconds = 0;
        int turn = -1;
        int counted = earlier(items) - 1;
        for (Item item : items) {
            if (begins(item)) turn++;
            if (turn < counted)
                seconds += item.parts().stream().mapToDouble(this::seconds).sum();
        }
        return seconds;
    }

    /** The length of the sound that the model remembers of a part. */
    private double seconds(Content part) {
        return switch (part) {
            case Recording recording -> recording.seconds();
            case Content.OutputAudio(String transcript, List<Unit> units, long ms) ->
                model.words(units).size() < units.size() ? ms / 1000.0 : 0;
            case Content.InputText _, Content.OutputText _ -> 0;
        };
    }
}
