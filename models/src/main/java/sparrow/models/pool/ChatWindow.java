package sparrow.models.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.Limits;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.Window;

/** What is left of a chat under a {@link Window}. */
final class ChatWindow {
    private final SpokenModel model;
    private final Window window;

    ChatWindow(SpokenModel model, Window window) {
        this.model = model;
        this.window = window;
    }

    /** The chat that is asked; what is over of the earlier turns is forgotten. */
    ChatHistory of(List<ChatTurn> earlier, Question question, Limits limits) {
        int context = model.languageModel().transformer().config().contextLength();
        boolean full = length(earlier, question) > Window.mostPrompt(limits, context);
        int most = full ? Window.leftPrompt(limits, context) : context;
        List<Window.Retention> retentions = window.retain(
                earlier.size(),
                some -> length(left(earlier, some), question) <= most && seconds(earlier, some) <= window.seconds());
        List<ChatTurn> left = left(earlier, retentions);
        boolean forgets = retentions.stream().anyMatch(retention -> retention != Window.Retention.FULL);
        boolean serves = forgets && window.truncation().isApproximate();
        return new ChatHistory(Optional.empty(), left, question, serves ? earlier : List.of());
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

    /** Sound in what is left, but for the last turn. */
    private double seconds(List<ChatTurn> earlier, List<Window.Retention> retentions) {
        double seconds = 0;
        for (int i = 0; i < earlier.size() - 1; i++) {
            ChatTurn turn = earlier.get(i);
            if (retentions.get(i) == Window.Retention.DROP) continue;
            seconds += switch (turn.question()) {
                case Question.Spoken(var waveform) -> waveform.seconds();
                case Question.Codes codes -> codes.seconds();
                case Question.Embeddings vectors -> vectors.seconds();
                case Question.Typed _ -> 0;
            };
            if (retentions.get(i) == Window.Retention.TEXT) continue;
            seconds += model.languageModel().tokens().codes(turn.reply()).length / model.codesPerSecond();
        }
        return seconds;
    }
}
