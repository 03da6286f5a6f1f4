package sparrow.models.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.head.UnitFormat;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.Window;

/** Fits a chat into the context of the model under a {@link Window}. */
final class ChatWindow {
    private final SpokenModel model;
    private final Window window;

    ChatWindow(SpokenModel model, Window window) {
        this.model = model;
        this.window = window;
    }

    /**
     * A chat that fits, as far as truncation helps.
     *
     * @param chat the retained part
     * @param truncation the rest
     */
    record Fitting(ChatHistory chat, Truncation truncation) {}

    /**
     * The chat that is asked.
     *
     * @param earlier turns before the question, of which the oldest are truncated first
     */
    Fitting fit(List<ChatTurn> earlier, Question question, GenerationConfig config) {
        Limits limits = config.limits();
        int context = model.languageModel().transformer().config().contextLength();
        int length = length(earlier, question);
        int most = length > Window.mostPrompt(limits, context) ? Window.leftPrompt(limits, context) : context;
        List<Window.Retention> retentions = window.retain(
                earlier.size(),
                some -> length(left(earlier, some), question) <= most && seconds(earlier, some) <= window.seconds());
        List<ChatTurn> left = left(earlier, retentions);
        int positions = length - length(left, question);
        // Keys and values that were copied or omitted cannot be cut: such a chat is prefilled anew, which is exact.
        boolean approximate = positions > 0
                && !left.isEmpty()
                && window.truncation().isApproximate()
                && config.plan().skippedKv() == SkippedKv.FILL;
        ChatHistory chat =
                new ChatHistory(Optional.empty(), List.of(), left, question, approximate ? earlier : List.of());
        int silenced = 0;
        for (int i = 0; i < earlier.size(); i++) {
            if (retentions.get(i) == Window.Retention.TEXT && codes(earlier.get(i)) > 0) silenced++;
        }
        return new Fitting(chat, new Truncation(earlier.size() - left.size(), silenced, positions, !approximate));
    }

    private int length(List<ChatTurn> earlier, Question question) {
        return ChatPrompt.of(model, new ChatHistory(Optional.empty(), earlier, question))
                .ids()
                .length;
    }

    private List<ChatTurn> left(List<ChatTurn> earlier, List<Window.Retention> retentions) {
        List<ChatTurn> left = new ArrayList<>();
        for (int i = 0; i < earlier.size(); i++) {
            ChatTurn turn = earlier.get(i);
            switch (retentions.get(i)) {
                case FULL -> left.add(turn);
                case TEXT -> left.add(turn.words(model));
                case DROP -> {}
            }
        }
        return left;
    }

    private int codes(ChatTurn turn) {
        UnitFormat units = model.languageModel().units();
        return turn.reply().stream().mapToInt(unit -> units.codes(unit).length).sum();
    }

    /** Sound in what is left, but for the last turn. */
    private double seconds(List<ChatTurn> earlier, List<Window.Retention> retentions) {
        double seconds = 0;
        for (int i = 0; i < earlier.size() - 1; i++) {
            ChatTurn turn = earlier.get(i);
            if (retentions.get(i) == Window.Retention.DROP) continue;
            seconds += turn.question().seconds();
            if (retentions.get(i) == Window.Retention.TEXT) continue;
            seconds += codes(turn) / model.codesPerSecond();
        }
        return seconds;
    }
}
