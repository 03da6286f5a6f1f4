package sparrow.study.heads;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.weights.BadFileException;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * Lets a model answer prompts at full depth, with its own sampling, and keeps at every position of the replies the hidden
 * states after some layers and the last layer's distribution (SPAR-K: "Training an exit head"). Record i of the store is
 * prompt i.
 *
 * <p>Prompts are answered in batches of fixed membership. A harvest that goes on computes the batch in which it stopped
 * once more, so that its store equals one that was made in one go, to the bit.
 */
public final class Harvest {
    private final SpokenModel model;
    private final HarvestSettings settings;
    private final List<HarvestPrompt> prompts;
    private final Decoder decoder;
    private final RunFacts facts;
    private final RecordLayout layout;

    /**
     * @throws IllegalArgumentException if the model does not have the layers
     */
    public Harvest(SpokenModel model, HarvestSettings settings, List<HarvestPrompt> prompts) {
        this.model = model;
        this.settings = settings;
        this.prompts = prompts;
        this.decoder = new Decoder(
                model.languageModel(), ExitPlan.NONE, settings.sampling(), Limits.newTokens(settings.newTokens()));
        this.facts = settings.with(model);
        this.layout = StoreFacts.of(model.folder(), facts).layout();
    }

    /**
     * Fills a store, or goes on where it ends.
     *
     * @param positions stop after the batch that brings so many
     * @throws IllegalArgumentException in one line if the store was made otherwise or is damaged, or if a prompt cannot
     *     be understood
     * @throws ClosedByInterruptException if the thread was interrupted; the store holds what was finished
     * @throws IOException if the store cannot be written
     */
    public void into(Path store, long positions, HarvestListener listener) throws IOException {
        try (HarvestWriter writer = HarvestWriter.open(store, facts)) {
            requireSamePrompts(writer);
            int done = writer.headers().size();
            listener.begin(done, prompts.size());
            int first = done / settings.batch() * settings.batch();
            // A batch that was begun is brought to its end.
            while (first < prompts.size() && (writer.headers().size() > first || writer.positions() < positions)) {
                int end = Math.min(prompts.size(), first + settings.batch());
                answer(first, end, writer);
                listener.kept(writer.headers().size());
                first = end;
            }
        }
    }

    private void requireSamePrompts(HarvestWriter writer) throws IOException {
        List<RecordHeader> headers = writer.headers();
        for (int i = 0; i < headers.size(); i++) {
            if (i >= prompts.size()
                    || !headers.get(i).key().equals(prompts.get(i).key())) {
                throw new BadFileException(
                        writer.records(),
                        "record " + (i + 1),
                        "was made of another prompt"
                                + (i < prompts.size()
                                        ? " than " + prompts.get(i).source()
                                        : "")
                                + "; choose another --out to begin anew");
            }
        }
    }

    /** Answers prompts {@code first} to {@code end} (exclusive) together, and keeps those that the store lacks. */
    private void answer(int first, int end, HarvestWriter writer) throws IOException {
        List<Request> requests = new ArrayList<>();
        List<ReplyRecorder> recorders = new ArrayList<>();
        for (int i = first; i < end; i++) {
            recorders.add(new ReplyRecorder(
                    layout, model.languageModel().transformer().config().layers()));
            requests.add(request(i, recorders.getLast()));
        }
        decoder.replies(requests);
        if (Thread.currentThread().isInterrupted()) throw new ClosedByInterruptException();
        LanguageModel languageModel = model.languageModel();
        LastLayer lastLayer = new LastLayer(languageModel);
        for (int i = writer.headers().size(); i < end; i++) {
            ReplyRecorder recorder = recorders.get(i - first);
            writer.append(prompts.get(i).key(), recorder.positions(), recorder.record(lastLayer));
        }
        writer.flush();
    }

    private Request request(int number, ReplyRecorder recorder) throws IOException {
        Prompt prompt = prompt(prompts.get(number));
        int[] shared = Arrays.copyOf(prompt.tokens(), prompt.shared());
        return new Request(model.prefixes().begin(shared), prompt.tokens(), prompt.rows(), prompt.shared(), recorder)
                .withStream(number);
    }

    private Prompt prompt(HarvestPrompt asked) throws IOException {
        try {
            return model.prompt(asked.question(), true);
        } catch (BadFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(asked.source() + ": " + e.getMessage(), e);
        }
    }
}
