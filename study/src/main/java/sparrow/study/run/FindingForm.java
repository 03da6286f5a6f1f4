package sparrow.study.run;

import java.util.List;

/**
 * How a finding travels: the parcel of what was found, with a line in front.
 *
 * @param cases of the work, which know each other by their places
 * @param found how what is found about a reply travels
 */
record FindingForm<F>(List<PolicyCase> cases, Form<F> found) implements Form<Finding<F>> {
    /**
     * The line.
     *
     * @param by place of the case in the work's list
     * @param failed why the question cannot be asked; null where a reply was found
     * @param found the text of the finding's parcel; null where there is none
     */
    private record FindingJson(int member, int by, String failed, String found) {}

    @Override
    public Parcel pack(Finding<F> finding) {
        return switch (finding) {
            case Finding.Failed<F>(int member, String reason) -> Parcel.of(new FindingJson(member, -1, reason, null));
            case Finding.Found<F>(int member, PolicyCase by, F about) -> {
                Parcel packed = found.pack(about);
                FindingJson json = new FindingJson(member, cases.indexOf(by), null, packed.json());
                yield new Parcel(RunJson.text(json), packed.attachments());
            }
        };
    }

    @Override
    public Finding<F> unpack(Parcel parcel) {
        FindingJson json = parcel.read(FindingJson.class);
        if (json.failed() != null) return new Finding.Failed<>(json.member(), json.failed());
        if (json.by() < 0 || json.by() >= cases.size() || json.found() == null) {
            throw new BadParcelException(
                    "finding: expected a case from 0 to " + (cases.size() - 1) + " and what was found");
        }
        return new Finding.Found<>(
                json.member(), cases.get(json.by()), found.unpack(new Parcel(json.found(), parcel.attachments())));
    }
}
