package sparrow.train.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sparrow.engine.head.Sampling;
import sparrow.study.run.BadMessageException;
import sparrow.study.run.Batch;
import sparrow.study.run.GenerationJob.ReplyResult;
import sparrow.study.run.Messages;
import sparrow.study.run.PolicyCase;
import sparrow.study.worker.ElsewherePool;
import sparrow.tensor.Tensor;

/** A harvest travels, and its replies. */
class HarvestJobTest {
    private static final HarvestJob JOB = new HarvestJob(
            new StoreMetadata("f", 12, 96, 1000, List.of(8, 10), new Targets(64), 4, 0, 0),
            new Sampling(0.9, 0, 0.95, 1, 3),
            800);

    private static HarvestRows rows(int positions) {
        Random random = new Random(positions);
        return HarvestRows.of(JOB.store(), positions, description -> {
            byte[] bytes = new byte[(int) description.bytes()];
            random.nextBytes(bytes);
            return new Tensor(MemorySegment.ofArray(bytes), description.dtype(), description.shape());
        });
    }

    @Test
    void theJobComesBack() {
        assertThat(ElsewherePool.travelled(JOB)).isEqualTo(JOB);
    }

    @Test
    void aReplyComesBack() {
        HarvestJob.Harvested sent = HarvestJob.Harvested.of(rows(5));
        Messages<Batch, ReplyResult<HarvestJob.Harvested>> messages = new Messages<>(JOB);

        List<ReplyResult<HarvestJob.Harvested>> back =
                messages.results(messages.ofResults(List.of(new ReplyResult.Found<>(1, PolicyCase.NONE, sent))));

        assertThat(back)
                .singleElement()
                .isInstanceOfSatisfying(
                        ReplyResult.Found.class,
                        found -> assertThat(found.found())
                                .usingRecursiveComparison()
                                .isEqualTo(sent));
        assertThat(sent.rows(JOB.store()).tensors().values())
                .extracting(Tensor::shape)
                .isEqualTo(
                        rows(5).tensors().values().stream().map(Tensor::shape).toList());
    }

    @Test
    void aReplyOfAnotherLengthIsRefused() {
        List<byte[]> tensors = HarvestJob.Harvested.of(rows(5)).tensors();
        for (HarvestJob.Harvested wrong : List.of(
                new HarvestJob.Harvested(4, tensors),
                new HarvestJob.Harvested(Integer.MAX_VALUE, tensors),
                new HarvestJob.Harvested(0, tensors),
                new HarvestJob.Harvested(-1, tensors),
                new HarvestJob.Harvested(5, tensors.subList(0, tensors.size() - 1)))) {
            assertThatThrownBy(() -> wrong.rows(JOB.store())).isInstanceOf(BadMessageException.class);
        }
    }
}
