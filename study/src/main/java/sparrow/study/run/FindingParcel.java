package sparrow.study.run;

import java.util.List;

/** A finding on its way back: one parcel, that of the finding with a line in front. */
final class FindingParcel {
    private FindingParcel() {}

    /**
     * The line.
     *
     * @param by place of the case in the work's list
     * @param failed why the question cannot be asked; null where a reply was found
     * @param found the text of the finding's parcel; null where there is none
     */
    private record FindingJson(int member, int by, String failed, String found) {}

    static <F> Parcel pack(Finding<F> finding, Answering<F> work) {
        return switch (finding) {
            case Finding.Failed<F>(int member, String reason) -> Parcel.of(new FindingJson(member, -1, reason, null));
            case Finding.Found<F>(int member, PolicyCase by, F found) -> {
                Parcel packed = work.pack(found);
                FindingJson json = new FindingJson(member, work.cases().indexOf(by), null, packed.json());
                yield new Parcel(RunJson.text(json), packed.attachments());
            }
        };
    }

    static <F> Finding<F> unpack(Parcel parcel, Answering<F> work) {
        FindingJson json = parcel.read(FindingJson.class);
        if (json.failed() != null) return new Finding.Failed<>(json.member(), json.failed());
        List<PolicyCase> cases = work.cases();
        if (json.by() < 0 || json.by() >= cases.size() || json.found() == null) {
            throw new BadParcelException(
                    "finding: expected a case from 0 to " + (cases.size() - 1) + " and what was found");
        }
        return new Finding.Found<>(
                json.member(), cases.get(json.by()), work.unpack(new Parcel(json.found(), parcel.attachments())));
    }
}
