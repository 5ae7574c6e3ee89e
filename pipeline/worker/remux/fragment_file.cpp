#include "pipeline/worker/remux/fragment_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace tongke::pipeline::worker::remux {
namespace {

/// A moof of ten minutes of tiny samples stays far below; more is damage.
constexpr std::uint64_t kMaxHeaderBytes = 4U << 20U;
constexpr std::uint32_t kMaxSampleBytes = 32U << 20U;
constexpr std::uint32_t kNonSync = 0x0001'0000;

constexpr std::uint32_t fourcc(const char (&name)[5]) {
  return static_cast<std::uint32_t>(name[0]) << 24U | static_cast<std::uint32_t>(name[1]) << 16U |
         static_cast<std::uint32_t>(name[2]) << 8U | static_cast<std::uint32_t>(name[3]);
}

/// Big-endian fields of a box body, with a memory of having run out.
class Fields {
 public:
  explicit Fields(base::ByteView bytes) : bytes_(bytes) {}

  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  void skip(std::size_t count) { take(count); }
  base::ByteView take(std::size_t count) {
    if (count > bytes_.size()) {
      ok_ = false;
      count = bytes_.size();
    }
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }

 private:
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : take(count)) value = value << 8U | byte;
    return value;
  }
  base::ByteView bytes_;
  bool ok_ = true;
};

/// The first box of `type` inside a container's body.
std::optional<base::ByteView> child(base::ByteView body, std::uint32_t type) {
  Fields fields(body);
  while (fields.left() >= 8) {
    const std::uint32_t size = fields.u32();
    const std::uint32_t found = fields.u32();
    if (size < 8 || size - 8 > fields.left()) return std::nullopt;
    const auto inner = fields.take(size - 8);
    if (found == type) return inner;
  }
  return std::nullopt;
}

/// Follows a path of box types.
std::optional<base::ByteView> descend(base::ByteView body, std::initializer_list<std::uint32_t> types) {
  std::optional<base::ByteView> inner = body;
  for (const std::uint32_t type : types) {
    if (inner) inner = child(*inner, type);
  }
  return inner;
}

bool read_at(int fd, std::uint64_t offset, std::uint8_t* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t got = pread(fd, bytes, count, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    offset += static_cast<std::uint64_t>(got);
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

base::Result<FragmentFile> FragmentFile::open(const std::string& path) {
  FragmentFile file;
  file.path_ = path;
  file.fd_.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!file.fd_ || fstat(file.fd_.get(), &status) != 0)
    return base::Error{base::Errc::io, path + ": " + std::strerror(errno)};
  file.size_ = static_cast<std::uint64_t>(status.st_size);
  std::uint64_t at = 0;
  while (const auto box = file.box_at(at)) {
    at = box->end;
    if (box->type != fourcc("moov")) continue;
    const auto moov = file.body(*box);
    if (!moov || !file.parse_moov(*moov)) break;
    file.init_bytes_ = at;
    file.rewind();
    return file;
  }
  return base::Error{base::Errc::invalid, path + ": not a recorded rendition"};
}

void FragmentFile::rewind() {
  at_ = init_bytes_;
  ready_.clear();
}

std::optional<Sample> FragmentFile::next() {
  while (ready_.empty()) {
    const auto moof = box_at(at_);
    if (!moof) return std::nullopt;
    at_ = moof->end;
    if (moof->type != fourcc("moof")) continue;
    const auto mdat = box_at(moof->end);
    if (!mdat || mdat->type != fourcc("mdat") || !parse_moof(*moof, *mdat)) {
      at_ = size_;
      return std::nullopt;
    }
    at_ = mdat->end;
  }
  const Sample sample = ready_.front();
  ready_.pop_front();
  return sample;
}

base::Result<void> FragmentFile::read(const Sample& sample, std::vector<std::uint8_t>& bytes) const {
  bytes.resize(sample.size);
  if (!read_at(fd_.get(), sample.offset, bytes.data(), bytes.size()))
    return base::Error{base::Errc::io, path_ + ": cannot be read"};
  return {};
}

// Only boxes that lie wholly in the file exist.
std::optional<FragmentFile::Box> FragmentFile::box_at(std::uint64_t offset) const {
  std::array<std::uint8_t, 16> header{};
  if (offset + 8 > size_ || !read_at(fd_.get(), offset, header.data(), 8)) return std::nullopt;
  Fields fields(header);
  std::uint64_t length = fields.u32();
  const std::uint32_t type = fields.u32();
  std::uint64_t header_bytes = 8;
  if (length == 1) {
    if (offset + 16 > size_ || !read_at(fd_.get(), offset + 8, header.data() + 8, 8)) return std::nullopt;
    length = fields.u64();
    header_bytes = 16;
  }
  if (length < header_bytes || length > size_ - offset) return std::nullopt;
  return Box{.type = type, .begin = offset, .offset = offset + header_bytes, .end = offset + length};
}

std::optional<std::vector<std::uint8_t>> FragmentFile::body(const Box& box) const {
  if (box.end - box.offset > kMaxHeaderBytes) return std::nullopt;
  std::vector<std::uint8_t> bytes(box.end - box.offset);
  if (!read_at(fd_.get(), box.offset, bytes.data(), bytes.size())) return std::nullopt;
  return bytes;
}

bool FragmentFile::parse_moov(base::ByteView moov) {
  const auto mdhd = descend(moov, {fourcc("trak"), fourcc("mdia"), fourcc("mdhd")});
  const auto trex = descend(moov, {fourcc("mvex"), fourcc("trex")});
  if (!mdhd || !trex) return false;
  Fields times(*mdhd);
  const bool wide = times.u32() >> 24U == 1;
  times.skip(wide ? 16 : 8);
  time_scale_ = times.u32();
  Fields extends(*trex);
  extends.skip(12);  // version and flags, track, sample description
  defaults_.duration = extends.u32();
  defaults_.size = extends.u32();
  defaults_.flags = extends.u32();
  return times.ok() && extends.ok() && time_scale_ != 0;
}

bool FragmentFile::parse_moof(const Box& moof, const Box& mdat) {
  const auto bytes = body(moof);
  if (!bytes) return false;
  const auto traf = child(*bytes, fourcc("traf"));
  const auto tfhd = traf ? child(*traf, fourcc("tfhd")) : std::nullopt;
  const auto tfdt = traf ? child(*traf, fourcc("tfdt")) : std::nullopt;
  const auto trun = traf ? child(*traf, fourcc("trun")) : std::nullopt;
  if (!tfhd || !tfdt || !trun) return false;

  Defaults defaults = defaults_;
  Fields header(*tfhd);
  const std::uint32_t header_flags = header.u32();
  header.skip(4);
  if (header_flags & 0x1U) return false;  // base-data-offset: nothing of ours
  if (header_flags & 0x2U) header.skip(4);
  if (header_flags & 0x8U) defaults.duration = header.u32();
  if (header_flags & 0x10U) defaults.size = header.u32();
  if (header_flags & 0x20U) defaults.flags = header.u32();

  Fields decode(*tfdt);
  const bool wide = decode.u32() >> 24U == 1;
  auto dts = static_cast<std::int64_t>(wide ? decode.u64() : decode.u32());

  Fields run(*trun);
  const std::uint32_t run_flags = run.u32();
  const std::uint32_t count = run.u32();
  if (!(run_flags & 0x1U) || count > trun->size()) return false;
  std::uint64_t offset = moof.begin + run.u32();
  std::uint32_t first_flags = defaults.flags;
  if (run_flags & 0x4U) first_flags = run.u32();
  for (std::uint32_t i = 0; i < count; ++i) {
    Sample sample{.offset = offset, .size = defaults.size, .dts = dts, .duration = defaults.duration};
    if (run_flags & 0x100U) sample.duration = run.u32();
    if (run_flags & 0x200U) sample.size = run.u32();
    std::uint32_t flags = i == 0 ? first_flags : defaults.flags;
    if (run_flags & 0x400U) flags = run.u32();
    const auto composition = run_flags & 0x800U ? static_cast<std::int32_t>(run.u32()) : 0;
    sample.pts = dts + composition;
    sample.keyframe = (flags & kNonSync) == 0;
    offset += sample.size;
    dts += sample.duration;
    if (!run.ok() || sample.offset < mdat.offset || offset > mdat.end || sample.size > kMaxSampleBytes)
      return false;
    ready_.push_back(sample);
  }
  return header.ok() && decode.ok() && run.ok();
}

}  // namespace tongke::pipeline::worker::remux
