package sparrow.train.harvest;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import sparrow.models.SpokenModel;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunManifest;
import sparrow.study.report.StudyCounts;
import sparrow.study.run.Batch;
import sparrow.study.run.Experiment;
import sparrow.study.run.LocalPool;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.ResultStore;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.WorkerPool;

/**
 * Lets a model answer prompts at full depth with its own sampling and runs the replies through the model again. For
 * every position, it stores the hidden states after the selected layers and the last layer's distribution (SPAR-K,
 * section 4.2.2). A reply has the same number as its prompt.
 *
 * <p>Prompts are answered in batches of fixed membership. The batches may finish in any order. A resumed harvest
 * computes unfinished batches again, so its store is bit-identical to the store of an uninterrupted harvest.
 */
public final class Harvest {
    private final WorkerPool workers;
    private final List<HarvestPrompt> prompts;
    private final int batch;
    private final RunManifest manifest;
    private final HarvestJob job;

    /**
     * Creates a harvest on this machine.
     *
     * @throws IllegalArgumentException if the model does not have the layers
     */
    public Harvest(SpokenModel model, HarvestSettings settings, List<HarvestPrompt> prompts) {
        this(model, new LocalPool(model), settings, prompts);
    }

    /**
     * Creates a harvest with workers.
     *
     * @throws IllegalArgumentException if the model does not have the layers, or if a batch may be larger than workers
     *     can return
     */
    public Harvest(SpokenModel model, WorkerPool workers, HarvestSettings settings, List<HarvestPrompt> prompts) {
        this.workers = workers;
        this.prompts = prompts;
        this.batch = settings.batch();
        this.manifest = settings.with(model);
        this.job =
                new HarvestJob(StoreMetadata.of(model.folder(), manifest), settings.sampling(), settings.newTokens());
        requireRoom(job.store().bytes(settings.newTokens()));
    }

    private void requireRoom(long bytesOfAReply) {
        long max = workers.maxResultBytes() / bytesOfAReply;
        if (batch <= max) return;
        throw new IllegalArgumentException("batch: a reply may have " + (bytesOfAReply >> 20)
                + " MiB, and a worker returns " + (workers.maxResultBytes() >> 20)
                + " MiB at a time: expected at most "
                + max + " prompts, got " + batch);
    }

    /**
     * Fills a store, or resumes an existing one. A prompt that cannot be understood is omitted and recorded in
     * {@code store.json}; the next call tries it again.
     *
     * @param positions required number of positions, at least 1; the store contains the shortest sequence of batches,
     *     starting with the first, that has this many positions, or all batches if there are too few; later batches are
     *     deleted
     * @param mixedNumerics rule for resuming with different numerics
     * @return counts of the store: prompts that were answered, and omitted prompts with their reasons
     * @throws IllegalArgumentException if the store was created with different settings, or if no prompt can be
     *     understood; the message is one line
     * @throws RunStoppedException if the thread was interrupted; in this case, the store contains the finished batches
     * @throws IOException if the store cannot be written
     */
    public StudyCounts into(Path store, long positions, MixedNumerics mixedNumerics, RunProgress progress)
            throws IOException {
        if (positions < 1) throw new IllegalArgumentException("positions: expected 1 or more, got " + positions);
        try (HarvestFiles files = HarvestFiles.open(store, manifest, mixedNumerics)) {
            files.requireMadeOf(prompts);
            List<Numbered> numbered = IntStream.range(0, prompts.size())
                    .mapToObj(number -> new Numbered(number, prompts.get(number)))
                    .toList();
            new Experiment<>(job, Numbered::ask, numbered, batch, new Store(files, job.store(), positions), progress)
                    .run(workers, "answering");
            files.dropBehind(positions);
            List<StoreIndex.LeftOut> leftOut = files.leftOut();
            if (files.replies() == 0 && files.haveLost())
                throw new IOException("nothing was harvested: the workers were lost");
            if (files.replies() == 0 && !leftOut.isEmpty()) throw nothingAsked(leftOut);
            return counts(files.replies(), leftOut);
        } catch (ClosedByInterruptException e) {
            throw new RunStoppedException();
        }
    }

    private static StudyCounts counts(int replies, List<StoreIndex.LeftOut> leftOut) {
        SequencedMap<String, String> omitted = new LinkedHashMap<>();
        // Two prompts may have the same source.
        for (StoreIndex.LeftOut one : leftOut)
            omitted.put("prompt " + one.number() + ": " + one.source(), one.reason());
        int prompts = replies + omitted.size();
        return new StudyCounts(prompts, omitted, replies, prompts, 0, 0);
    }

    private static IllegalArgumentException nothingAsked(List<StoreIndex.LeftOut> leftOut) {
        StoreIndex.LeftOut first = leftOut.getFirst();
        int others = leftOut.size() - 1;
        return new IllegalArgumentException(first.source() + ": " + first.reason()
                + (others == 0 ? "" : "; none of " + others + " other prompts could be understood"));
    }

    /**
     * A prompt and its number.
     *
     * @param number number of the prompt, counted from 0; also selects the random numbers of the prompt's reply
     */
    private record Numbered(int number, HarvestPrompt prompt) {
        Batch.Entry ask(int member) throws IOException {
            return prompt.ask(member, number);
        }
    }

    /** A result store whose replies are in harvest files. */
    private record Store(HarvestFiles files, StoreMetadata metadata, long positions)
            implements ResultStore<Numbered, HarvestJob.Harvested> {
        @Override
        public boolean holds(Numbered prompt, PolicyCase by) {
            return files.holds(prompt.number());
        }

        @Override
        public void keep(Numbered prompt, PolicyCase by, HarvestJob.Harvested found) throws IOException {
            files.keep(prompt.number(), prompt.prompt().key(), found.rows(metadata));
        }

        @Override
        public void failed(Numbered prompt, String reason) {
            files.failed(prompt.number(), prompt.prompt().source(), reason);
        }

        @Override
        public void lost(int batch, String reason) throws IOException {
            files.lose(batch);
        }

        @Override
        public void finished(int batch) throws IOException {
            files.finished(batch);
        }

        @Override
        public boolean enough() {
            return files.bring(positions);
        }
    }
}
