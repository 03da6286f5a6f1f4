// A team consists of 32 neighbouring items, its lanes. SUM_LANES adds up each of count values over the lanes; lane i
// receives the total of value i. In this version, a team is a subgroup, whose sums are computed by the device.
#pragma OPENCL EXTENSION cl_khr_subgroups : enable
#define TEAM_ATTRIBUTE __attribute__((intel_reqd_sub_group_size(32)))
#define TEAM ((int) get_sub_group_id())
#define LANE ((int) get_sub_group_local_id())
#define LANE_MEMORY(count)
#define SUM_LANES(total, values, count)                              \
    float total = 0;                                                 \
    UNROLL                                                           \
    for (int i = 0; i < (count); i++) {                              \
        const float sum_of_lanes = sub_group_reduce_add((values)[i]); \
        if (LANE == i) total = sum_of_lanes;                         \
    }
