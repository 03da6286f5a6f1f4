package sparrow.study.worker;

import java.util.List;
import sparrow.study.run.BadParcelException;
import sparrow.study.run.Parcel;
import sparrow.study.run.Work;
import sparrow.study.run.WorkKind;

/** Work of a run that is done elsewhere, and who may do it. */
public record RemoteRun(Ticket ticket, Work<?, ?> work) {
    private record Kind(String name) {}

    /** For {@link OpenWorker#perform}. */
    public byte[] bytes() {
        return Parcel.bytes(List.of(Parcel.of(ticket), Parcel.of(new Kind(work.kind())), work.settings()));
    }

    /**
     * The run again.
     *
     * @throws BadParcelException if the bytes are those of none
     */
    static RemoteRun of(byte[] bytes) {
        List<Parcel> parcels = Parcel.parcels(bytes);
        if (parcels.size() != 3) {
            throw new BadParcelException(
                    "run: expected ticket, kind and settings, found " + parcels.size() + " parcels");
        }
        WorkKind kind = WorkKind.named(parcels.get(1).read(Kind.class).name());
        return new RemoteRun(parcels.get(0).read(Ticket.class), kind.work(parcels.get(2)));
    }
}
