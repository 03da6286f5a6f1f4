package sparrow.study.heads;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import sparrow.engine.weights.BadFileException;
import sparrow.models.SpokenModel;
import sparrow.study.run.Asked;
import sparrow.study.run.Experiment;
import sparrow.study.run.Findings;
import sparrow.study.run.LocalWorkers;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Resumption;
import sparrow.study.run.RunFacts;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;

/**
 * Lets a model answer prompts at full depth, with its own sampling, reads the replies again, and keeps at every position
 * the hidden states after some layers and the last layer's distribution (SPAR-K: "Training an exit head"). Record i of the
 * store is prompt i.
 *
 * <p>Prompts are answered in batches of fixed membership. A harvest that goes on computes the batch in which it stopped
 * once more, so that its store equals one that was made in one go, to the bit.
 */
public final class Harvest {
    private final SpokenModel model;
    private final List<HarvestPrompt> prompts;
    private final int batch;
    private final RunFacts facts;
    private final HarvestWork work;

    /**
     * @throws IllegalArgumentException if the model does not have the layers
     */
    public Harvest(SpokenModel model, HarvestSettings settings, List<HarvestPrompt> prompts) {
        this.model = model;
        this.prompts = prompts;
        this.batch = settings.batch();
        this.facts = settings.with(model);
        this.work = new HarvestWork(
                StoreFacts.of(model.folder(), facts).layout(), settings.sampling(), settings.newTokens());
    }

    /**
     * Fills a store, or goes on where it ends.
     *
     * @param positions stop after the batch that brings so many
     * @param resumption what may have computed the earlier part
     * @throws IllegalArgumentException in one line if the store was made otherwise or is damaged, or if a prompt cannot
     *     be understood
     * @throws RunStoppedException if the thread was interrupted; the store holds what was finished
     * @throws IOException if the store cannot be written
     */
    public void into(Path store, long positions, Resumption resumption, HarvestListener listener) throws IOException {
        try (HarvestWriter writer = HarvestWriter.open(store, facts, resumption)) {
            requireSamePrompts(writer);
            listener.begin(writer.headers().size(), prompts.size());
            List<Numbered> numbered = IntStream.range(0, prompts.size())
                    .mapToObj(number -> new Numbered(number, prompts.get(number)))
                    .toList();
            new Experiment<>(
                            work,
                            Numbered::asked,
                            numbered,
                            batch,
                            new Store(writer, positions, listener),
                            RunProgress.NONE)
                    .run(new LocalWorkers(model), "harvesting");
        } catch (ClosedByInterruptException e) {
            throw new RunStoppedException();
        }
    }

    /** The same, with {@link Resumption#ALIKE}. */
    public void into(Path store, long positions, HarvestListener listener) throws IOException {
        into(store, positions, Resumption.ALIKE, listener);
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

    /**
     * A prompt and its place.
     *
     * @param number from 0; also which random numbers its reply draws
     */
    private record Numbered(int number, HarvestPrompt prompt) {
        Asked asked(int member) throws IOException {
            return new Asked(member, prompt.question(), OptionalLong.of(number));
        }
    }

    /** A store as the place where records are kept, in the order of their prompts. */
    private record Store(HarvestWriter writer, long positions, HarvestListener listener)
            implements Findings<Numbered, ReplyRecord> {
        @Override
        public boolean holds(Numbered prompt, PolicyCase by) {
            return prompt.number() < writer.headers().size();
        }

        @Override
        public void keep(Numbered prompt, PolicyCase by, ReplyRecord found) throws IOException {
            if (prompt.number() != writer.headers().size()) {
                throw new IllegalStateException("record " + prompt.number() + " after "
                        + writer.headers().size());
            }
            writer.append(prompt.prompt().key(), found.positions(), found.bytes());
        }

        /** A store has no place for a record that is missing: the prompts have to be mended first. */
        @Override
        public void failed(Numbered prompt, String reason) {
            throw new IllegalArgumentException(prompt.prompt().source() + ": " + reason);
        }

        @Override
        public void finished(int batch) throws IOException {
            writer.flush();
            listener.kept(writer.headers().size());
        }

        @Override
        public boolean enough() {
            return writer.positions() >= positions;
        }
    }
}
