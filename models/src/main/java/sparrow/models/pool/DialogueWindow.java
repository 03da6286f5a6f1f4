package sparrow.models.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.Limits;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.Window;

/** What is left of a dialogue under a {@link Window}. */
final class DialogueWindow {
    private final SpokenModel model;
    private final Window window;

    DialogueWindow(SpokenModel model, Window window) {
        this.model = model;
        this.window = window;
    }

    /** The dialogue that is asked; what is over of the earlier exchanges is forgotten. */
    Dialogue of(List<Exchange> earlier, Question question, Limits limits) {
        int context = model.languageModel().transformer().config().contextLength();
        boolean full = length(earlier, question) > Window.mostPrompt(limits, context);
        int most = full ? Window.leftPrompt(limits, context) : context;
        List<Window.Memory> memories = window.remember(
                earlier.size(),
                some -> length(left(earlier, some), question) <= most && seconds(earlier, some) <= window.seconds());
        List<Exchange> left = left(earlier, memories);
        boolean forgets = memories.stream().anyMatch(memory -> memory != Window.Memory.WHOLE);
        boolean serves = forgets && window.forgetting().isApproximate();
        return new Dialogue(Optional.empty(), left, question, serves ? earlier : List.of());
    }

    private int length(List<Exchange> earlier, Question question) {
        return DialoguePrompt.of(model, new Dialogue(Optional.empty(), earlier, question))
                .ids()
                .length;
    }

    private List<Exchange> left(List<Exchange> earlier, List<Window.Memory> memories) {
        List<Exchange> left = new ArrayList<>();
        for (int i = 0; i < earlier.size(); i++) {
            Exchange exchange = earlier.get(i);
            switch (memories.get(i)) {
                case WHOLE -> left.add(exchange);
                case WORDS -> left.add(exchange.words(model));
                case NOTHING -> {}
            }
        }
        return left;
    }

    /** Sound in what is left, but for the last exchange. */
    private double seconds(List<Exchange> earlier, List<Window.Memory> memories) {
        double seconds = 0;
        for (int i = 0; i < earlier.size() - 1; i++) {
            Exchange exchange = earlier.get(i);
            if (memories.get(i) == Window.Memory.NOTHING) continue;
            seconds += switch (exchange.question()) {
                case Question.Spoken(var waveform) -> waveform.seconds();
                case Question.Codes codes -> codes.seconds();
                case Question.Vectors vectors -> vectors.seconds();
                case Question.Typed _ -> 0;
            };
            if (memories.get(i) == Window.Memory.WORDS) continue;
            seconds += model.languageModel().tokens().codes(exchange.reply()).length / model.codesPerSecond();
        }
        return seconds;
    }
}
