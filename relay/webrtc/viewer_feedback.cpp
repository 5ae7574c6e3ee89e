#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "relay/webrtc/viewer.hpp"

// What a viewer says of its line, and what follows from it.
namespace tongke::relay::webrtc {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

/// What repairs may run up beyond the budget.
constexpr double kDebt = 48 * 1024;
constexpr milliseconds kReportPace{1000};
constexpr milliseconds kAdaptPace{200};
constexpr std::chrono::seconds kReceiptPace{10};
/// A machine that makes no smaller picture within this time makes none.
constexpr std::chrono::seconds kPatience{8};
/// Below it a viewer is thrifty with audio, until the line gives the second again.
constexpr std::uint64_t kPoorLine = 150'000;
constexpr std::uint64_t kEnoughLine = 250'000;
constexpr milliseconds kSettling{1500};
/// A picture of so many times the line's rate is given up before its successor is there.
constexpr std::uint64_t kFlood = 2;
constexpr std::string_view kName = "tongke";

}  // namespace

void Viewer::rtcp(base::ByteView compound) {
  rtcp::Reader reader(compound);
  while (const auto packet = reader.next()) {
    if (packet->type == rtcp::kReceiverReport || packet->type == rtcp::kSenderReport) {
      reports(*packet);
    } else if (const auto wanted = rtcp::nack(*packet)) {
      nack(*wanted);
    } else if (const auto arrivals = rtcp::transport_cc(*packet)) {
      feedback(*arrivals);
    } else if (const auto limit = rtcp::remb(*packet)) {
      report_.remb = limit->bits_per_second;
    } else if (video_) {
      for (const auto ssrc : rtcp::keyframe_wanted(*packet))
        if (ssrc == video_->ssrc()) need_keyframe(base::Steady::now());
    }
  }
}

void Viewer::reports(const rtcp::Packet& packet) {
  for (const auto& block : rtcp::report_blocks(packet)) {
    const bool is_video = video_ && block.ssrc == video_->ssrc();
    const bool is_audio = audio_ && block.ssrc == audio_->ssrc();
    if (!is_video && !is_audio) continue;
    receipt(block);
    // Video's says more; audio's is all there is while video pauses.
    if (is_audio && rendition_ != Fanout::Step::kNoVideo) continue;
    report_.loss = std::max(report_.loss.value_or(0), block.fraction_lost / 256.0);
  }
}

void Viewer::receipt(const rtcp::ReportBlock& block) {
  const auto known = arrived_.find(block.ssrc);
  const bool first = known == arrived_.end();
  const bool moved = !first && std::exchange(known->second, block.highest_sequence) != block.highest_sequence;
  if (first) arrived_.emplace(block.ssrc, block.highest_sequence);
  const auto now = base::Steady::now();
  if (!moved || !received_ || now - receipt_ < kReceiptPace) return;
  receipt_ = now;
  received_();
}

void Viewer::nack(const rtcp::Nack& nack) {
  if (!video_ || nack.media != video_->ssrc() || !session_.selected()) return;
  auto& srtp = *session_.sender();
  auto& port = session_.port();
  refill(base::Steady::now());
  for (const auto sequence : nack.sequences) {
    const auto* kept = video_->find(sequence);
    // Of the rendition before nothing is needed any more: a keyframe came after it.
    const auto* frame =
        kept && kept->rendition == rendition_ ? fanout_.find(kept->rendition, kept->frame) : nullptr;
    if (!frame || budget_ < -kDebt) {
      counters_.unrepairable.Increment();
      continue;
    }
    std::uint8_t* out = port.room(MediaFrame::kMaxPayload + video_->header_size() + 2 + kSrtpOverhead + 32);
    const std::size_t size = rtx_ ? rtx_->wrap(out, srtp, *frame, *kept, OutgoingStream::moment())
                                  : video_->repeat(out, srtp, *frame, *kept);
    port.queue(*session_.selected(), size, 0);
    budget_ -= static_cast<double>(size);
    counters_.repaired.Increment();
    sent(1, size);
  }
}

void Viewer::feedback(const rtcp::TransportCc& feedback) {
  if (!log_) return;
  for (const auto& arrival : feedback.arrivals) {
    const auto* sent = log_->find(arrival.sequence);
    if (!sent) continue;
    if (arrival.at) {
      meter_.arrived(sent->size, sent->at_us, arrival.at->count());
    } else {
      meter_.lost();
    }
  }
}

void Viewer::tick(base::Steady::time_point now) {
  if (!connected_) return;
  if (now - reported_ >= kReportPace &&
      ((audio_ && audio_->packets() > 0) || (video_ && video_->packets() > 0))) {
    reported_ = now;
    send_reports();
  }
  if (now - adapted_ >= kAdaptPace) adapt(now);
}

void Viewer::send_reports() {
  const auto wall = system_clock::now();
  const auto media = fanout_.media_time(wall);
  std::vector<std::uint8_t> compound;
  std::vector<std::uint32_t> ssrcs;
  const auto report = [&](const OutgoingStream& stream, std::uint32_t clock) {
    rtcp::write_sender_report(compound, stream.ssrc(),
                              {.ntp = rtcp::ntp_time(wall),
                               .rtp = rtp_time(media, clock),
                               .packets = stream.packets(),
                               .bytes = stream.octets()});
    ssrcs.push_back(stream.ssrc());
  };
  if (audio_) report(*audio_, kAudioClock);
  if (video_) report(*video_, kVideoClock);
  rtcp::write_sdes(compound, ssrcs, kName);
  session_.send_rtcp(compound);
}

void Viewer::adapt(base::Steady::time_point now) {
  const double seconds = std::chrono::duration<double>(now - adapted_).count();
  const auto sending = static_cast<std::uint64_t>(static_cast<double>(media_bytes_) * 8 / seconds);
  adapted_ = now;
  media_bytes_ = 0;
  meter_.report(report_);
  LineReport report =
      std::exchange(report_, {.loss = {}, .remb = report_.remb, .delivered = {}, .queueing = {}});
  // What the line says of the one before, or of the pause between the two, is not about this one.
  if (gives_way_ || now - turned_ < kSettling) {
    report = {.loss = {}, .remb = report.remb, .delivered = {}, .queueing = {}};
    meter_.forget();
  }
  await_target(now);
  const auto choice = steps();
  be_thrifty_ = !video_ || paused_ || controller_.estimate() < (be_thrifty_ ? kEnoughLine : kPoorLine);
  if (!video_ || choice.size() < 2) return;
  std::array<std::uint64_t, Fanout::kMaxRenditions + 1> rates{};
  for (std::size_t i = 0; i < choice.size(); ++i) rates[i] = choice[i].rate;
  const auto chosen = std::ranges::find(choice, target_, &Fanout::Step::rendition);
  if (chosen != choice.end() && (paused_ || target_ != Fanout::Step::kNoVideo)) {
    controller_.renumber(static_cast<std::size_t>(chosen - choice.begin()));
  } else if (chosen == choice.end()) {
    // It cannot be had any more: the largest that the line is known to carry instead.
    std::size_t carried = choice.size() - 1;
    while (carried > 0 && rates[carried] > controller_.estimate()) --carried;
    controller_.renumber(carried);
  }
  const auto decision = controller_.update(std::span(rates).first(choice.size()), sending, report, now);
  padding_ = decision.padding;
  if (padding_ == 0) padding_debt_ = 0;
  take_step(choice[decision.step].rendition, now);
  // Of a flood nothing can be seen anyway, and what is to follow would wait behind it.
  const auto shown = std::ranges::find(choice, rendition_, &Fanout::Step::rendition);
  if (target_ == rendition_ || shown == choice.end() || shown->rate <= kFlood * decision.estimate) return;
  gives_way_ = true;
  drop_queue();
}

// What is made for those who watch it goes on while it is watched, or waited for.
void Viewer::await_target(base::Steady::time_point now) {
  for (const auto rendition : {target_, rendition_}) fanout_.watch(rendition, now);
  if (target_ != rendition_ && now - targeted_ > kPatience) fanout_.bar(target_, now);
}

void Viewer::take_step(std::uint8_t wanted, base::Steady::time_point now) {
  if (wanted == target_) return;
  target_ = wanted;
  targeted_ = now;
  // What was left out of the present one is missing now.
  if (std::exchange(gives_way_, false)) waiting_for_key_ = true;
  paused_ = wanted == Fanout::Step::kNoVideo;
  if (paused_) {
    rendition_ = wanted;
    drop_queue();
    return;
  }
  // The old one goes on until the new one's keyframe comes.
  if (!fanout_.is_offer(wanted)) fanout_.request_keyframe(now);
  fanout_.watch(wanted, now);
}

}  // namespace tongke::relay::webrtc
