package sparrow.study.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sparrow.engine.sample.Sampling;
import sparrow.engine.tensor.Tensor;
import sparrow.study.run.BadParcelException;
import sparrow.study.run.Parcel;
import sparrow.study.run.WorkKind;

/** Harvesting travels: what it is, and what was harvested of a reply. */
class HarvestWorkTest {
    private static final HarvestWork WORK =
            new HarvestWork(new HarvestLayout(List.of(8, 10), 96, 64), new Sampling(0.9, 0, 0.95, 1, 3), 800);

    private static HarvestRows rows(int positions) {
        Random random = new Random(positions);
        return HarvestRows.of(WORK.layout(), positions, description -> {
            byte[] bytes = new byte[(int) description.bytes()];
            random.nextBytes(bytes);
            return new Tensor(MemorySegment.ofArray(bytes), description.dtype(), description.shape());
        });
    }

    @Test
    void theWorkOfItsSettingsIsTheSame() {
        assertThat(WorkKind.named(WORK.kind()).work(WORK.settings())).isEqualTo(WORK);
    }

    @Test
    void aReplyComesBack() {
        HarvestRows rows = rows(5);
        Parcel parcel = WORK.findings().pack(rows);

        HarvestRows back = WORK.findings().unpack(parcel);

        assertThat(back.positions()).isEqualTo(5);
        assertThat(back.tensors())
                .extracting(Tensor::shape)
                .isEqualTo(rows.tensors().stream().map(Tensor::shape).toList());
        assertThat(WORK.findings().pack(back).attachments()).containsExactlyElementsOf(parcel.attachments());
    }

    @Test
    void aReplyOfAnotherLengthIsRefused() {
        Parcel parcel = WORK.findings().pack(rows(5));
        int last = parcel.attachments().size() - 1;
        for (Parcel wrong : List.of(
                new Parcel("{\"positions\": 4}", parcel.attachments()),
                new Parcel("{\"positions\": 2147483647}", parcel.attachments()),
                new Parcel("{\"positions\": 0}", parcel.attachments()),
                new Parcel("{\"positions\": -1}", parcel.attachments()),
                new Parcel("{\"positions\": 5}", parcel.attachments().subList(0, last)))) {
            assertThatThrownBy(() -> WORK.findings().unpack(wrong)).isInstanceOf(BadParcelException.class);
        }
    }
}
